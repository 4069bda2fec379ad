-- D28: the pairs of an interval join have an event time, as far behind the watermarks as the condition lets them be: windows over them lose none.
CREATE TABLE a (k BIGINT, n BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE b (k BIGINT, m BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE VIEW pairs AS SELECT a.k, a.n, b.m, a.ts AS at, b.ts AS bt FROM a JOIN b ON a.k = b.k AND a.ts BETWEEN b.ts - INTERVAL '8' SECOND AND b.ts + INTERVAL '3' SECOND;
CREATE TABLE all_pairs WITH (connector = 'world', format = 'json');
INSERT INTO all_pairs SELECT k, n, m FROM pairs;
CREATE TABLE counted WITH (connector = 'world', format = 'json');
INSERT INTO counted SELECT tumble(INTERVAL '5 seconds') AS w, count(*) AS pairs, sum(n * m) AS total FROM pairs GROUP BY w;
CREATE TABLE unmatched WITH (connector = 'world', format = 'json');
INSERT INTO unmatched SELECT w.start AS since, rows, alone FROM (
  SELECT tumble(INTERVAL '5 seconds') AS w, count(*) AS rows, count(*) FILTER (WHERE m IS NULL) AS alone FROM (SELECT a.n, b.m, a.ts FROM a LEFT JOIN b ON a.k = b.k AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '4' SECOND) AS j GROUP BY w
) AS c;

/* input a partitions 2
{"k":1,"n":1,"ts":"2024-01-01T00:00:00Z"}
{"k":2,"n":2,"ts":"2024-01-01T00:00:01Z"}
{"k":1,"n":3,"ts":"2024-01-01T00:00:04Z"}
{"k":2,"n":4,"ts":"2024-01-01T00:00:07Z"}

{"k":1,"n":5,"ts":"2024-01-01T00:00:11Z"}
{"k":2,"n":6,"ts":"2024-01-01T00:00:12Z"}
{"k":1,"n":7,"ts":"2024-01-01T00:00:19Z"}
{"k":2,"n":8,"ts":"2024-01-01T00:00:30Z"}
*/

/* input b partitions 2
{"k":1,"m":10,"ts":"2024-01-01T00:00:03Z"}
{"k":2,"m":20,"ts":"2024-01-01T00:00:03Z"}

{"k":1,"m":30,"ts":"2024-01-01T00:00:08Z"}
{"k":2,"m":40,"ts":"2024-01-01T00:00:15Z"}
{"k":1,"m":50,"ts":"2024-01-01T00:00:20Z"}
{"k":2,"m":60,"ts":"2024-01-01T00:00:33Z"}
*/

/* output all_pairs
{"k":1,"n":1,"m":10}
{"k":1,"n":1,"m":30}
{"k":1,"n":3,"m":10}
{"k":1,"n":3,"m":30}
{"k":1,"n":5,"m":30}
{"k":1,"n":7,"m":50}
{"k":2,"n":2,"m":20}
{"k":2,"n":4,"m":40}
{"k":2,"n":6,"m":40}
{"k":2,"n":8,"m":60}
*/

/* output counted
{"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:05Z"},"pairs":3,"total":80}
{"w":{"start":"2024-01-01T00:00:05Z","end":"2024-01-01T00:00:10Z"},"pairs":3,"total":270}
{"w":{"start":"2024-01-01T00:00:15Z","end":"2024-01-01T00:00:20Z"},"pairs":2,"total":400}
{"w":{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:25Z"},"pairs":1,"total":350}
{"w":{"start":"2024-01-01T00:00:30Z","end":"2024-01-01T00:00:35Z"},"pairs":1,"total":480}
*/

/* output unmatched
{"since":"2024-01-01T00:00:00Z","rows":3,"alone":0}
{"since":"2024-01-01T00:00:05Z","rows":1,"alone":1}
{"since":"2024-01-01T00:00:10Z","rows":2,"alone":1}
{"since":"2024-01-01T00:00:15Z","rows":1,"alone":0}
{"since":"2024-01-01T00:00:30Z","rows":1,"alone":0}
*/
