-- with bids
INSERT INTO any_out SELECT auction % 10 AS bucket, sum(price) FILTER (WHERE channel = 'apple') AS apple, avg(price) AS mean,
  min(datetime) AS first, max(price) - min(price) AS spread, count(channel) AS channels, count(bidder) AS bidders
FROM bids WHERE price > 0 GROUP BY bucket, tumble(INTERVAL '1 minute') HAVING count(*) > 10 AND auction % 10 < 5;
