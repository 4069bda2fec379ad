-- Two streams in one window: the slower one holds it open.
CREATE TABLE a (id BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE b (id BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n, sum(id) AS ids FROM (SELECT id, ts FROM a UNION ALL SELECT id * 100, at FROM b WHERE id > 0) AS u GROUP BY 1;

/* input a
{"id":1,"ts":"2024-01-01T00:00:01Z"}
{"id":2,"ts":"2024-01-01T00:00:11Z"}
{"id":3,"ts":"2024-01-01T00:00:21Z"}
{"id":4,"ts":"2024-01-01T00:00:31Z"}
*/
/* input b
{"id":1,"at":"2024-01-01T00:00:00Z"}
{"id":-5,"at":"2024-01-01T00:00:01Z"}
{"id":2,"at":"2024-01-01T00:00:02Z"}
{"id":3,"at":"2024-01-01T00:00:03Z"}
{"id":4,"at":"2024-01-01T00:00:15Z"}
*/

/* output results
{"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z"},"n":4,"ids":601}
{"w":{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:20Z"},"n":2,"ids":402}
{"w":{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:30Z"},"n":1,"ids":3}
{"w":{"start":"2024-01-01T00:00:30Z","end":"2024-01-01T00:00:40Z"},"n":1,"ids":4}
*/
