-- Windows come out when the watermark reaches their end, not when the input ends.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT item, w.end AS "end", n FROM (SELECT item, tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM orders GROUP BY 1, 2) AS x;

/* input orders partitions 2
{"id":1,"item":"a","ts":"2024-01-01T00:00:05Z"}
{"id":2,"item":"b","ts":"2024-01-01T00:00:06Z"}
{"id":3,"item":"a","ts":"2024-01-01T00:00:11Z"}
{"id":4,"item":"a","ts":"2024-01-01T00:00:20.999Z"}
*/
/* early results
{"item":"a","end":"2024-01-01T00:00:10Z","n":1}
{"item":"b","end":"2024-01-01T00:00:10Z","n":1}
*/

/* output results
{"item":"a","end":"2024-01-01T00:00:10Z","n":1}
{"item":"a","end":"2024-01-01T00:00:20Z","n":1}
{"item":"a","end":"2024-01-01T00:00:30Z","n":1}
{"item":"b","end":"2024-01-01T00:00:10Z","n":1}
*/
