-- Windows of ten seconds that begin at 3, 13, …; days by a time zone's offset.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
CREATE TABLE days WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT window_start, count(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '3' SECOND)) GROUP BY window_start, window_end;
INSERT INTO days SELECT tumble(INTERVAL '1 day', INTERVAL '-8 hours') AS w, count(*) AS n FROM orders GROUP BY 1;

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

/* output days
{"w":{"start":"2023-12-31T16:00:00Z","end":"2024-01-01T16:00:00Z"},"n":12}
*/

/* output results
{"window_start":"2023-12-31T23:59:53Z","n":2}
{"window_start":"2024-01-01T00:00:03Z","n":3}
{"window_start":"2024-01-01T00:00:13Z","n":3}
{"window_start":"2024-01-01T00:00:23Z","n":2}
{"window_start":"2024-01-01T00:00:43Z","n":1}
{"window_start":"2024-01-01T00:00:53Z","n":1}
*/
