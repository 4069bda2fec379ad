-- Grouped without a window, into a table with a key: the last row of each key stands.
CREATE TABLE bids (auction BIGINT, price BIGINT, bidder TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE totals (auction BIGINT, bids BIGINT, total BIGINT, mean DOUBLE, least BIGINT, most BIGINT, first_name TEXT, PRIMARY KEY (auction))
WITH (connector = 'world', format = 'json');
INSERT INTO totals
SELECT auction, count(*), sum(price), avg(price), min(price), max(price), min(bidder) FROM bids WHERE auction IS NOT NULL GROUP BY auction;

/* input bids
{"auction":1,"price":10,"bidder":"zoe"}
{"auction":2,"price":20,"bidder":"bob"}
{"auction":1,"price":30,"bidder":"amy"}
{"auction":3,"price":null,"bidder":null}
{"auction":1,"price":7,"bidder":"kim"}
{"auction":2,"price":9007199254740993,"bidder":"al"}
{"auction":null,"price":1,"bidder":"no"}
{"auction":2,"price":-5,"bidder":"bob"}
{"auction":4,"price":1,"bidder":"y"}
{"auction":1,"price":null,"bidder":"x"}
{"auction":3,"price":null,"bidder":null}
*/

/* output totals
{"auction":1,"bids":4,"total":47,"mean":15.666666666666666,"least":7,"most":30,"first_name":"amy"}
{"auction":2,"bids":3,"total":9007199254741008,"mean":3002399751580336,"least":-5,"most":9007199254740993,"first_name":"al"}
{"auction":3,"bids":2,"total":null,"mean":null,"least":null,"most":null,"first_name":null}
{"auction":4,"bids":1,"total":1,"mean":1,"least":1,"most":1,"first_name":"y"}
*/
