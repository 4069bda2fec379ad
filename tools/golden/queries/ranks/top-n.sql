-- D37: the first rows of each partition, by ROW_NUMBER, RANK and DENSE_RANK, with and without the rank; ties are told apart by the rows' content.
CREATE TABLE bids (auction BIGINT, bidder TEXT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE best (auction BIGINT, bidder TEXT, price BIGINT, PRIMARY KEY (auction)) WITH (connector = 'world', format = 'json');
INSERT INTO best SELECT auction, bidder, price FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC, ts) AS n FROM bids WHERE auction IS NOT NULL) WHERE n = 1;
CREATE TABLE best_two (auction BIGINT, n BIGINT, bidder TEXT, price BIGINT, PRIMARY KEY (auction, n)) WITH (connector = 'world', format = 'json');
INSERT INTO best_two SELECT auction, n, bidder, price FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY auction ORDER BY price DESC NULLS LAST, ts) AS n FROM bids WHERE auction IS NOT NULL) WHERE n <= 2;
CREATE TABLE lowest WITH (connector = 'world', format = 'debezium_json');
INSERT INTO lowest SELECT bidder, price FROM bids QUALIFY ROW_NUMBER() OVER (ORDER BY price, bidder) < 4;
CREATE TABLE ranked WITH (connector = 'world', format = 'debezium_json');
INSERT INTO ranked SELECT auction, bidder, price, RANK() OVER (PARTITION BY auction ORDER BY price DESC NULLS LAST) AS r FROM bids QUALIFY r <= 2;
CREATE TABLE dense WITH (connector = 'world', format = 'debezium_json');
INSERT INTO dense SELECT auction, bidder, DENSE_RANK() OVER w AS r FROM bids WINDOW w AS (PARTITION BY auction ORDER BY price DESC NULLS LAST) QUALIFY DENSE_RANK() OVER w <= 2;

/* input bids
{"auction":1,"bidder":"a","price":10,"ts":"2024-01-01T00:00:00Z"}
{"auction":1,"bidder":"b","price":30,"ts":"2024-01-01T00:00:01Z"}
{"auction":2,"bidder":"c","price":5,"ts":"2024-01-01T00:00:02Z"}
{"auction":1,"bidder":"d","price":30,"ts":"2024-01-01T00:00:03Z"}
{"auction":2,"bidder":"e","price":null,"ts":"2024-01-01T00:00:04Z"}

{"auction":1,"bidder":"f","price":20,"ts":"2024-01-01T00:00:05Z"}
{"auction":1,"bidder":"g","price":40,"ts":"2024-01-01T00:00:06Z"}
{"auction":2,"bidder":"h","price":7,"ts":"2024-01-01T00:00:07Z"}
{"auction":null,"bidder":"i","price":1,"ts":"2024-01-01T00:00:08Z"}
{"auction":2,"bidder":"k","price":7,"ts":"2024-01-01T00:00:09Z"}
*/

/* output best
{"auction":1,"bidder":"g","price":40}
{"auction":2,"bidder":"e","price":null}
*/

/* output best_two
{"auction":1,"n":1,"bidder":"g","price":40}
{"auction":1,"n":2,"bidder":"b","price":30}
{"auction":2,"n":1,"bidder":"h","price":7}
{"auction":2,"n":2,"bidder":"k","price":7}
*/

/* output dense
{"auction":1,"bidder":"b","r":2}
{"auction":1,"bidder":"d","r":2}
{"auction":1,"bidder":"g","r":1}
{"auction":2,"bidder":"c","r":2}
{"auction":2,"bidder":"h","r":1}
{"auction":2,"bidder":"k","r":1}
{"auction":null,"bidder":"i","r":1}
*/

/* output lowest
{"bidder":"c","price":5}
{"bidder":"h","price":7}
{"bidder":"i","price":1}
*/

/* output ranked
{"auction":1,"bidder":"b","price":30,"r":2}
{"auction":1,"bidder":"d","price":30,"r":2}
{"auction":1,"bidder":"g","price":40,"r":1}
{"auction":2,"bidder":"h","price":7,"r":1}
{"auction":2,"bidder":"k","price":7,"r":1}
{"auction":null,"bidder":"i","price":1,"r":1}
*/
