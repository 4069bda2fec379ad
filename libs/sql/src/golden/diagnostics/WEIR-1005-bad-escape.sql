-- with bids
SELECT E'\xgg' FROM bids;
