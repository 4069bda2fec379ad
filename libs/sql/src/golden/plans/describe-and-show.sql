-- with bids
CREATE VIEW v AS SELECT auction, price * 2 AS twice FROM bids;
DESCRIBE bids; DESCRIBE v; SHOW TABLES; SHOW VIEWS; SELECT * FROM v;
