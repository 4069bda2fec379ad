-- GENERATED ALWAYS AS and Flink's `c AS e`; a watermark over a computed column.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT, millis BIGINT NOT NULL, twice BIGINT GENERATED ALWAYS AS (price * 2) STORED, tax AS price * 0.19, ts AS to_timestamp_millis(millis), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
CREATE TABLE sums WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT * FROM orders WHERE twice IS DISTINCT FROM 4;
INSERT INTO sums SELECT tumble(INTERVAL '1 minute') AS w, sum(twice) AS twice, sum(tax) AS tax FROM orders GROUP BY 1;

/* input orders
{"id":1,"price":1,"millis":1000}
{"id":2,"price":2,"millis":2000}
{"id":3,"millis":59999}
{"id":4,"price":4,"millis":60000}
{"id":5,"price":5,"millis":60001}
*/

/* output results
{"id":1,"price":1,"millis":1000,"twice":2,"tax":0.19,"ts":"1970-01-01T00:00:01Z"}
{"id":3,"price":null,"millis":59999,"twice":null,"tax":null,"ts":"1970-01-01T00:00:59.999Z"}
{"id":4,"price":4,"millis":60000,"twice":8,"tax":0.76,"ts":"1970-01-01T00:01:00Z"}
{"id":5,"price":5,"millis":60001,"twice":10,"tax":0.95,"ts":"1970-01-01T00:01:00.001Z"}
*/

/* output sums
{"w":{"start":"1970-01-01T00:00:00Z","end":"1970-01-01T00:01:00Z"},"twice":6,"tax":0.57}
{"w":{"start":"1970-01-01T00:01:00Z","end":"1970-01-01T00:02:00Z"},"twice":18,"tax":1.71}
*/
