-- paced
-- event_time_field and watermark_field do as WATERMARK FOR does: the watermark is 2 s behind, the row of 7 s comes after it has reached 10 s.
CREATE TABLE v (id BIGINT NOT NULL, ts TIMESTAMP NOT NULL, wm AS ts - INTERVAL '2 seconds') WITH (connector = 'world', format = 'json', event_time_field = 'ts', watermark_field = 'wm');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM v GROUP BY 1;

/* input v partitions 1
{"id":1,"ts":"2024-01-01T00:00:09Z"}

{"id":2,"ts":"2024-01-01T00:00:11.9Z"}

{"id":3,"ts":"2024-01-01T00:00:08Z"}

{"id":4,"ts":"2024-01-01T00:00:12Z"}

{"id":5,"ts":"2024-01-01T00:00:07Z"}

{"id":6,"ts":"2024-01-01T00:00:15Z"}
*/

/* output results
{"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z"},"n":2}
{"w":{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:20Z"},"n":3}
*/
