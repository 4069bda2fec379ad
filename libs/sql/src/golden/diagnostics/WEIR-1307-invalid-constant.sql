-- with bids
SELECT price / 0 FROM bids;
