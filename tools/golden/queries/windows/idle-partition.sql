-- primary-key: results(start, end)
-- A partition that is read to its end for idle_time no longer holds the watermark back; when rows come again, it does.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json', idle_time = '100ms');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT w.start AS start, w.end AS "end", n FROM (SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM orders GROUP BY 1) AS x;

/* input orders partitions 2 partition 1
{"id":3,"ts":"2024-01-01T00:00:06Z"}
*/
/* input orders partition 0
{"id":1,"ts":"2024-01-01T00:00:05Z"}
{"id":2,"ts":"2024-01-01T00:00:25Z"}

{"id":4,"ts":"2024-01-01T00:00:31Z"}
*/
/* early results
{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z","n":2}
{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:30Z","n":1}
*/

/* output results
{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z","n":2}
{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:30Z","n":1}
{"start":"2024-01-01T00:00:30Z","end":"2024-01-01T00:00:40Z","n":1}
*/
