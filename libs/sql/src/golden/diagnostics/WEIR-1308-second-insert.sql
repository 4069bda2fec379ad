-- with bids
INSERT INTO any_out SELECT auction, price FROM bids;
INSERT INTO any_out SELECT channel, price FROM bids;
