-- with bids
SELECT extract(fortnight FROM datetime), mod(price), upper(DISTINCT channel), date_trunc(channel, datetime) FROM bids;
SELECT max(price, auction) FROM bids GROUP BY tumble(INTERVAL '1 minute');
