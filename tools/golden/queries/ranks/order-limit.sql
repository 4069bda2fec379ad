-- ORDER BY with LIMIT and OFFSET: the first rows of all so far, of rows and of updated groups of windows.
CREATE TABLE bids (auction BIGINT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE dearest WITH (connector = 'world', format = 'debezium_json');
INSERT INTO dearest SELECT auction, price FROM bids WHERE price IS NOT NULL ORDER BY price DESC, 1 LIMIT 3;
CREATE TABLE second WITH (connector = 'world', format = 'debezium_json');
INSERT INTO second SELECT auction, price FROM bids WHERE price IS NOT NULL ORDER BY -price LIMIT 1 OFFSET 1;
CREATE TABLE fullest WITH (connector = 'world', format = 'debezium_json');
INSERT INTO fullest SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end ORDER BY n DESC LIMIT 1;

/* input bids
{"auction":1,"price":10,"ts":"2024-01-01T00:00:00Z"}
{"auction":1,"price":30,"ts":"2024-01-01T00:00:04Z"}
{"auction":2,"price":50,"ts":"2024-01-01T00:00:06Z"}

{"auction":3,"price":70,"ts":"2024-01-01T00:00:11Z"}
{"auction":3,"price":null,"ts":"2024-01-01T00:00:12Z"}
{"auction":1,"price":10,"ts":"2024-01-01T00:00:31Z"}
*/

/* output dearest
{"auction":1,"price":30}
{"auction":2,"price":50}
{"auction":3,"price":70}
*/

/* output fullest
{"window_start":"2024-01-01T00:00:00Z","n":3}
*/

/* output second
{"auction":2,"price":50}
*/
