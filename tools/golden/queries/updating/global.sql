-- Aggregates over everything: one row, over nothing too. As changes, each with the row before it.
CREATE TABLE bids (auction BIGINT, price DOUBLE) WITH (connector = 'world', format = 'json');
CREATE TABLE counts (bids BIGINT, auctions BIGINT, total DOUBLE) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE none (bids BIGINT, most DOUBLE) WITH (connector = 'world', format = 'debezium_json');
INSERT INTO counts SELECT count(*), count(DISTINCT auction), sum(price) FROM bids;
INSERT INTO none SELECT count(*), max(price) FROM bids WHERE price > 1000;

/* input bids
{"auction":1,"price":1.5}
{"auction":2,"price":2}
{"auction":1,"price":0.25}
{"auction":null,"price":4}
{"auction":3,"price":null}
*/

/* output counts
{"bids":5,"auctions":3,"total":7.75}
*/

/* output none
{"bids":0,"most":null}
*/
