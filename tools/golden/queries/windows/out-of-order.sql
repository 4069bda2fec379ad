-- Rows within the watermark's delay count, whatever their order.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 minute') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT w.start AS start, n, ids, least_id, most_id FROM (SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n, sum(id) AS ids, min(id) AS least_id, max(id) AS most_id FROM orders GROUP BY 1) AS x;

/* input orders partitions 3
{"id":1,"ts":"2024-01-01T00:00:55Z"}
{"id":2,"ts":"2024-01-01T00:00:05Z"}
{"id":4,"ts":"2024-01-01T00:00:31Z"}
{"id":8,"ts":"2024-01-01T00:00:01Z"}
{"id":16,"ts":"2024-01-01T00:00:39Z"}
{"id":32,"ts":"2024-01-01T00:00:30Z"}
{"id":64,"ts":"2024-01-01T00:00:09Z"}
{"id":128,"ts":"2024-01-01T00:00:59Z"}
*/

/* output results
{"start":"2024-01-01T00:00:00Z","n":3,"ids":74,"least_id":2,"most_id":64}
{"start":"2024-01-01T00:00:30Z","n":3,"ids":52,"least_id":4,"most_id":32}
{"start":"2024-01-01T00:00:50Z","n":2,"ids":129,"least_id":1,"most_id":128}
*/
