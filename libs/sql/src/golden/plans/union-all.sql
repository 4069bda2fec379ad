-- with bids
INSERT INTO any_out SELECT auction, price FROM bids WHERE price < 10 UNION ALL SELECT a, 5.5 FROM plain UNION ALL SELECT bidder, NULL FROM bids;
