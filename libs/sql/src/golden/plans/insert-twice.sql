-- with bids
INSERT INTO any_out SELECT auction FROM bids;
INSERT INTO any_out SELECT price AS auction FROM bids WHERE price > 1;
INSERT INTO any_out SELECT price AS auction FROM bids WHERE price > 1;
