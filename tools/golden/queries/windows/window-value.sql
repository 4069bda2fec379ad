-- The window itself as a value: a struct, and its fields in expressions.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT w, w.end - INTERVAL '1 second' AS near_end, extract(second FROM w.start) AS sec, n FROM (SELECT tumble(INTERVAL '20 seconds') AS w, count(*) AS n FROM orders GROUP BY 1) AS x WHERE w.start >= TIMESTAMP '2024-01-01 00:00:20';

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
{"w":{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:40Z"},"near_end":"2024-01-01T00:00:39Z","sec":20.000000,"n":3}
{"w":{"start":"2024-01-01T00:00:40Z","end":"2024-01-01T00:01:00Z"},"near_end":"2024-01-01T00:00:59Z","sec":40.000000,"n":2}
*/
