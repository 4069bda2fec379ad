-- with bids
SELECT “auction” FROM bids;
