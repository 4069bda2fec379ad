-- with bids
INSERT INTO out SELECT NULL, price FROM bids;
INSERT INTO out SELECT a, 1 FROM plain;
