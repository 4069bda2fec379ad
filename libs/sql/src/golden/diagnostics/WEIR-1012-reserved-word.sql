-- with bids
SELECT group FROM bids;
CREATE TABLE t (from TEXT);
