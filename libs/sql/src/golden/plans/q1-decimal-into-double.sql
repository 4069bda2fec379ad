-- with bids
INSERT INTO out SELECT auction, 0.908 * price FROM bids;
