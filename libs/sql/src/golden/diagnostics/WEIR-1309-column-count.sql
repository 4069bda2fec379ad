-- with bids
INSERT INTO out SELECT auction FROM bids;
INSERT INTO out SELECT auction, price, channel FROM bids;
SELECT * FROM (SELECT auction FROM bids) AS d (a, b);
