-- GROUP BY TUMBLE(ts, size) with TUMBLE_START and TUMBLE_END, Flink's older spelling.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT item, TUMBLE_START(ts, INTERVAL '10' SECOND) AS s, TUMBLE_END(ts, INTERVAL '10' SECOND) AS e, count(*) AS n
FROM orders GROUP BY item, TUMBLE(ts, INTERVAL '10' SECOND);

/* input orders
{"id":1,"item":"a","price":10,"ts":"2024-01-01T00:00:01Z"}
{"id":2,"item":"b","price":20,"ts":"2024-01-01T00:00:02Z"}
{"id":3,"item":"a","price":null,"ts":"2024-01-01T00:00:03Z"}
{"id":4,"item":null,"price":5,"ts":"2024-01-01T00:00:09.999999Z"}
{"id":5,"item":"a","price":7,"ts":"2024-01-01T00:00:10Z"}
{"id":6,"item":"b","price":-3,"ts":"2024-01-01T00:00:14.5Z"}
{"id":7,"item":"b","price":100,"ts":"2024-01-01T00:00:19Z"}
{"id":8,"item":"a","price":1,"ts":"2024-01-01T00:00:20Z"}
{"id":9,"item":"c","price":9007199254740993,"ts":"2024-01-01T00:00:25Z"}
{"id":10,"item":"c","price":9007199254740993,"ts":"2024-01-01T00:00:25Z"}
{"id":11,"item":"a","price":2,"ts":"2024-01-01T00:00:47Z"}
{"id":12,"item":"b","price":3,"ts":"2024-01-01T00:00:59.9Z"}
*/

/* output results
{"item":"a","s":"2024-01-01T00:00:00Z","e":"2024-01-01T00:00:10Z","n":2}
{"item":"a","s":"2024-01-01T00:00:10Z","e":"2024-01-01T00:00:20Z","n":1}
{"item":"a","s":"2024-01-01T00:00:20Z","e":"2024-01-01T00:00:30Z","n":1}
{"item":"a","s":"2024-01-01T00:00:40Z","e":"2024-01-01T00:00:50Z","n":1}
{"item":"b","s":"2024-01-01T00:00:00Z","e":"2024-01-01T00:00:10Z","n":1}
{"item":"b","s":"2024-01-01T00:00:10Z","e":"2024-01-01T00:00:20Z","n":2}
{"item":"b","s":"2024-01-01T00:00:50Z","e":"2024-01-01T00:01:00Z","n":1}
{"item":"c","s":"2024-01-01T00:00:20Z","e":"2024-01-01T00:00:30Z","n":2}
{"item":null,"s":"2024-01-01T00:00:00Z","e":"2024-01-01T00:00:10Z","n":1}
*/
