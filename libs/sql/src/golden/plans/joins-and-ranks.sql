-- with bids
-- A regular join, Top-N with and without the rank, the first row by event time, a window's first rows, OVER by event time; into tables with keys.
CREATE TABLE people (id BIGINT, name TEXT) WITH (connector = 'kafka', topic = 'people', format = 'json');
CREATE TABLE a WITH (connector = 'kafka', topic = 'a', format = 'json');
INSERT INTO a SELECT b.auction, p.name FROM bids b JOIN people p ON b.bidder = p.id WHERE b.price > 100 AND p.name <> 'x';
CREATE TABLE best (auction BIGINT, price BIGINT, PRIMARY KEY (auction)) WITH (connector = 'changelog', changes = 'upsert');
INSERT INTO best SELECT auction, price FROM bids WHERE auction IS NOT NULL QUALIFY ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC) = 1;
CREATE TABLE firsts WITH (connector = 'kafka', topic = 'firsts', format = 'json');
INSERT INTO firsts SELECT bidder, price FROM bids QUALIFY ROW_NUMBER() OVER (PARTITION BY bidder ORDER BY datetime) = 1;
CREATE TABLE hot WITH (connector = 'kafka', topic = 'hot', format = 'json');
INSERT INTO hot SELECT auction, n, place FROM (SELECT *, RANK() OVER (PARTITION BY w ORDER BY n DESC) AS place FROM (SELECT auction, count(*) AS n, tumble(INTERVAL '1 minute') AS w FROM bids GROUP BY auction, w) AS c) AS r WHERE place <= 3;
CREATE TABLE running WITH (connector = 'kafka', topic = 'running', format = 'json');
INSERT INTO running SELECT bidder, sum(price) OVER (PARTITION BY bidder ORDER BY datetime) AS spent FROM bids;
