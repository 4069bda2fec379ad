-- Without keys one row a window; a window without rows gives none.
-- primary-key: results(start)
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT w.start AS start, rows, dear FROM (SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS rows, count(*) FILTER (WHERE price > 1000) AS dear FROM orders GROUP BY w) AS x;

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
{"start":"2024-01-01T00:00:00Z","rows":4,"dear":0}
{"start":"2024-01-01T00:00:10Z","rows":3,"dear":0}
{"start":"2024-01-01T00:00:20Z","rows":3,"dear":2}
{"start":"2024-01-01T00:00:40Z","rows":1,"dear":0}
{"start":"2024-01-01T00:00:50Z","rows":1,"dear":0}
*/
