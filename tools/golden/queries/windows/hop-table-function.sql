-- HOP: slide, then size, as in Flink; every row is in three windows.
-- primary-key: results(item, window_end)
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT item, window_end, count(price) AS n
FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY item, window_start, window_end;

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
{"item":"a","window_end":"2024-01-01T00:00:10Z","n":1}
{"item":"a","window_end":"2024-01-01T00:00:20Z","n":2}
{"item":"a","window_end":"2024-01-01T00:00:30Z","n":3}
{"item":"a","window_end":"2024-01-01T00:00:40Z","n":2}
{"item":"a","window_end":"2024-01-01T00:00:50Z","n":2}
{"item":"a","window_end":"2024-01-01T00:01:00Z","n":1}
{"item":"a","window_end":"2024-01-01T00:01:10Z","n":1}
{"item":"b","window_end":"2024-01-01T00:00:10Z","n":1}
{"item":"b","window_end":"2024-01-01T00:00:20Z","n":3}
{"item":"b","window_end":"2024-01-01T00:00:30Z","n":3}
{"item":"b","window_end":"2024-01-01T00:00:40Z","n":2}
{"item":"b","window_end":"2024-01-01T00:01:00Z","n":1}
{"item":"b","window_end":"2024-01-01T00:01:10Z","n":1}
{"item":"b","window_end":"2024-01-01T00:01:20Z","n":1}
{"item":"c","window_end":"2024-01-01T00:00:30Z","n":2}
{"item":"c","window_end":"2024-01-01T00:00:40Z","n":2}
{"item":"c","window_end":"2024-01-01T00:00:50Z","n":2}
{"item":null,"window_end":"2024-01-01T00:00:10Z","n":1}
{"item":null,"window_end":"2024-01-01T00:00:20Z","n":1}
{"item":null,"window_end":"2024-01-01T00:00:30Z","n":1}
*/
