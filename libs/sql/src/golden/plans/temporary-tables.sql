-- with bids
CREATE TEMPORARY TABLE high AS SELECT auction, price FROM bids WHERE price > 100;
CREATE TABLE both_kinds (auction BIGINT, price DOUBLE);
INSERT INTO both_kinds SELECT auction, price FROM high;
INSERT INTO both_kinds SELECT a, 1 FROM plain;
INSERT INTO any_out SELECT auction, count(*) AS n FROM high GROUP BY auction, tumble(INTERVAL '1 minute');
INSERT INTO out SELECT coalesce(auction, 0), price FROM both_kinds;
