-- with bids
INSERT INTO any_out SELECT auction AS a, price AS a FROM bids;
