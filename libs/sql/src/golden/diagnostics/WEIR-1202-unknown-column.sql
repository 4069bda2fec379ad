-- with bids
SELECT acution, b.price, x.price FROM bids AS b WHERE pric > 5;
SELECT "Price" FROM bids;
INSERT INTO out (auction, cost) SELECT auction, price FROM bids;
