-- with bids
SELECT tumble(INTERVAL '1 minute') FROM bids;
