-- D28: the time of each side's rows is bounded by the other's: by a constant, and by an expression of the row (expires).
CREATE TABLE auctions (id BIGINT, category TEXT, ts TIMESTAMP(3) NOT NULL, expires TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE bids (auction BIGINT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT a.id, a.category, b.price, b.ts FROM auctions AS a, bids AS b WHERE a.id = b.auction AND b.ts BETWEEN a.ts AND a.expires;
CREATE TABLE near WITH (connector = 'world', format = 'json');
INSERT INTO near SELECT a.id, b.price FROM auctions a JOIN bids b ON a.id = b.auction AND b.ts >= a.ts - INTERVAL '5' SECOND AND b.ts < a.ts + INTERVAL '5' SECOND AND b.price > 10;

/* input auctions
{"id":1,"category":"a","ts":"2024-01-01T00:00:00Z","expires":"2024-01-01T00:00:10Z"}
{"id":2,"category":"b","ts":"2024-01-01T00:00:05Z","expires":"2024-01-01T00:00:08Z"}
{"id":3,"category":"c","ts":"2024-01-01T00:00:06Z","expires":null}
{"id":null,"category":"d","ts":"2024-01-01T00:00:07Z","expires":"2024-01-01T00:00:20Z"}

{"id":1,"category":"again","ts":"2024-01-01T00:00:30Z","expires":"2024-01-01T00:00:31Z"}
*/

/* input bids
{"auction":1,"price":10,"ts":"2024-01-01T00:00:00Z"}
{"auction":1,"price":11,"ts":"2024-01-01T00:00:04Z"}
{"auction":2,"price":12,"ts":"2024-01-01T00:00:04Z"}
{"auction":2,"price":13,"ts":"2024-01-01T00:00:08Z"}
{"auction":3,"price":14,"ts":"2024-01-01T00:00:09Z"}
{"auction":null,"price":15,"ts":"2024-01-01T00:00:09Z"}

{"auction":1,"price":16,"ts":"2024-01-01T00:00:10Z"}
{"auction":1,"price":17,"ts":"2024-01-01T00:00:11Z"}
{"auction":2,"price":18,"ts":"2024-01-01T00:00:12Z"}
{"auction":1,"price":19,"ts":"2024-01-01T00:00:30Z"}
*/

/* output near
{"id":1,"price":11}
{"id":1,"price":19}
{"id":2,"price":12}
{"id":2,"price":13}
{"id":3,"price":14}
*/

/* output results
{"id":1,"category":"a","price":10,"ts":"2024-01-01T00:00:00Z"}
{"id":1,"category":"a","price":11,"ts":"2024-01-01T00:00:04Z"}
{"id":1,"category":"a","price":16,"ts":"2024-01-01T00:00:10Z"}
{"id":1,"category":"again","price":19,"ts":"2024-01-01T00:00:30Z"}
{"id":2,"category":"b","price":13,"ts":"2024-01-01T00:00:08Z"}
*/
