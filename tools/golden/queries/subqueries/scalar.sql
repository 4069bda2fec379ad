-- A subquery that is an aggregate without GROUP BY is a value: what was given by an earlier one is taken back.
CREATE TABLE bids (auction BIGINT, price BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE above WITH (connector = 'world', format = 'debezium_json');
INSERT INTO above SELECT auction, price FROM bids WHERE price > (SELECT avg(price) FROM bids);
CREATE TABLE shares WITH (connector = 'world', format = 'debezium_json');
INSERT INTO shares SELECT auction, price * 100 / (SELECT sum(price) FROM bids WHERE auction < 3) AS share, (SELECT count(*) FROM bids) AS n FROM bids;

/* input bids
{"auction":1,"price":10}
{"auction":2,"price":30}

{"auction":1,"price":20}
{"auction":3,"price":100}
{"auction":2,"price":40}
*/

/* output above
{"auction":3,"price":100}
*/

/* output shares
{"auction":1,"share":10,"n":5}
{"auction":1,"share":20,"n":5}
{"auction":2,"share":30,"n":5}
{"auction":2,"share":40,"n":5}
{"auction":3,"share":100,"n":5}
*/
