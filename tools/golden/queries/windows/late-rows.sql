-- paced
-- A row is late once the watermark has passed the end of its window, also after a restore; in a window that is open it counts, however old.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '5 seconds') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT item, w.start AS start, n, total FROM (SELECT item, tumble(INTERVAL '10 seconds') AS w, count(*) AS n, sum(id) AS total FROM orders GROUP BY 1, 2) AS x;

/* input orders partitions 1
{"id":1,"item":"a","ts":"2024-01-01T00:00:05Z"}
{"id":2,"item":"a","ts":"2024-01-01T00:00:14.9Z"}

{"id":4,"item":"a","ts":"2024-01-01T00:00:00Z"}
{"id":8,"item":"b","ts":"2024-01-01T00:00:01Z"}

{"id":16,"item":"a","ts":"2024-01-01T00:00:15Z"}

{"id":32,"item":"a","ts":"2024-01-01T00:00:09.999Z"}
{"id":64,"item":"b","ts":"2024-01-01T00:00:03Z"}
{"id":128,"item":"b","ts":"2024-01-01T00:00:10Z"}

{"id":256,"item":"a","ts":"2024-01-01T00:00:08Z"}
{"id":512,"item":"c","ts":"2024-01-01T00:01:00Z"}

{"id":1024,"item":"a","ts":"2024-01-01T00:00:49.9Z"}
{"id":2048,"item":"a","ts":"2024-01-01T00:00:50Z"}
*/

/* output results
{"item":"a","start":"2024-01-01T00:00:00Z","n":2,"total":5}
{"item":"a","start":"2024-01-01T00:00:10Z","n":2,"total":18}
{"item":"a","start":"2024-01-01T00:00:50Z","n":1,"total":2048}
{"item":"b","start":"2024-01-01T00:00:00Z","n":1,"total":8}
{"item":"b","start":"2024-01-01T00:00:10Z","n":1,"total":128}
{"item":"c","start":"2024-01-01T00:01:00Z","n":1,"total":512}
*/
