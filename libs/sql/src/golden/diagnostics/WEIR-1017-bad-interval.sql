-- with bids
SELECT datetime + INTERVAL '10 parsecs' FROM bids;
SELECT datetime + INTERVAL '1 month 1 day' FROM bids;
SELECT datetime + INTERVAL 5 FROM bids;
