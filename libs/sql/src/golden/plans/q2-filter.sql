-- with bids
INSERT INTO any_out SELECT auction, price FROM bids WHERE auction % 123 = 0;
