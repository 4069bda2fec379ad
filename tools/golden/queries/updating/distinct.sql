-- SELECT DISTINCT and UNION over tables that grow: each row once, and none is ever taken back. Aggregates of distinct values, each under its filter.
CREATE TABLE bids (auction BIGINT, price BIGINT, bidder TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE pairs (auction BIGINT, bidder TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE names (name TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE counts (auction BIGINT, bidders BIGINT, rich BIGINT, prices BIGINT, PRIMARY KEY (auction)) WITH (connector = 'world', format = 'json');
INSERT INTO pairs SELECT DISTINCT auction, bidder FROM bids;
INSERT INTO names SELECT bidder FROM bids UNION SELECT 'amy' FROM bids UNION SELECT bidder FROM bids WHERE price > 5;
INSERT INTO counts
SELECT auction, count(DISTINCT bidder), count(DISTINCT bidder) FILTER (WHERE price > 20), sum(DISTINCT price) FROM bids GROUP BY auction;

/* input bids
{"auction":1,"price":10,"bidder":"zoe"}
{"auction":1,"price":10,"bidder":"zoe"}
{"auction":2,"price":20,"bidder":"bob"}
{"auction":1,"price":30,"bidder":"zoe"}
{"auction":2,"price":20,"bidder":"bob"}
{"auction":1,"price":30,"bidder":"kim"}
{"auction":1,"price":5,"bidder":null}
{"auction":2,"price":null,"bidder":null}
{"auction":1,"price":5,"bidder":null}
*/

/* output counts
{"auction":1,"bidders":2,"rich":2,"prices":45}
{"auction":2,"bidders":1,"rich":0,"prices":20}
*/

/* output names
{"name":"amy"}
{"name":"bob"}
{"name":"kim"}
{"name":"zoe"}
{"name":null}
*/

/* output pairs
{"auction":1,"bidder":"kim"}
{"auction":1,"bidder":"zoe"}
{"auction":1,"bidder":null}
{"auction":2,"bidder":"bob"}
{"auction":2,"bidder":null}
*/
