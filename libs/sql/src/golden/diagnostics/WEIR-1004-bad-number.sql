-- with bids
SELECT 12abc FROM bids;
