-- with bids
SELECT upper(price), substring(channel), round(channel, 2) FROM bids;
SELECT sum(channel) FROM bids GROUP BY tumble(INTERVAL '1 minute');
