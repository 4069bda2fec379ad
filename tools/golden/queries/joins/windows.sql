-- Joins of windows: the same window on both sides, in both spellings; a window over the result.
CREATE TABLE a (id BIGINT, x BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE b (id BIGINT, y BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE rows_of_windows WITH (connector = 'world', format = 'json');
INSERT INTO rows_of_windows
SELECT l.id, l.x, r.y, l.window_start, l.window_end
FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS l
JOIN TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS r
ON l.id = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end;
CREATE TABLE counts WITH (connector = 'world', format = 'json');
INSERT INTO counts
SELECT l.id, l.n AS ours, r.n AS theirs, l.w.start AS since FROM
(SELECT id, count(*) AS n, tumble(INTERVAL '10 seconds') AS w FROM a GROUP BY id, w) AS l
LEFT JOIN (SELECT id, count(*) AS n, tumble(INTERVAL '10 seconds') AS w FROM b GROUP BY id, w) AS r ON l.id = r.id AND l.w = r.w;
CREATE TABLE of_joined WITH (connector = 'world', format = 'json');
INSERT INTO of_joined
SELECT window_start, count(*) AS pairs, sum(x) AS xs FROM (
  SELECT l.x, l.window_start, l.window_end, l.window_time FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS l
  JOIN TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS r USING (id, window_start, window_end)
) AS j GROUP BY window_start, window_end;
CREATE TABLE missing WITH (connector = 'world', format = 'json');
INSERT INTO missing
SELECT l.id, l.x FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS l
LEFT ANTI JOIN TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS r
ON l.id = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end;

/* input a
{"id":1,"x":1,"ts":"2024-01-01T00:00:00Z"}
{"id":1,"x":2,"ts":"2024-01-01T00:00:09.999Z"}
{"id":2,"x":3,"ts":"2024-01-01T00:00:05Z"}

{"id":1,"x":4,"ts":"2024-01-01T00:00:10Z"}
{"id":3,"x":5,"ts":"2024-01-01T00:00:25Z"}
*/

/* input b
{"id":1,"y":10,"ts":"2024-01-01T00:00:03Z"}
{"id":2,"y":20,"ts":"2024-01-01T00:00:10Z"}
{"id":1,"y":30,"ts":"2024-01-01T00:00:09Z"}

{"id":3,"y":40,"ts":"2024-01-01T00:00:20Z"}
{"id":3,"y":50,"ts":"2024-01-01T00:00:40Z"}
*/

/* output counts
{"id":1,"ours":1,"theirs":null,"since":"2024-01-01T00:00:10Z"}
{"id":1,"ours":2,"theirs":2,"since":"2024-01-01T00:00:00Z"}
{"id":2,"ours":1,"theirs":null,"since":"2024-01-01T00:00:00Z"}
{"id":3,"ours":1,"theirs":1,"since":"2024-01-01T00:00:20Z"}
*/

/* output missing
{"id":1,"x":4}
{"id":2,"x":3}
*/

/* output of_joined
{"window_start":"2024-01-01T00:00:00Z","pairs":4,"xs":6}
{"window_start":"2024-01-01T00:00:20Z","pairs":1,"xs":5}
*/

/* output rows_of_windows
{"id":1,"x":1,"y":10,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z"}
{"id":1,"x":1,"y":30,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z"}
{"id":1,"x":2,"y":10,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z"}
{"id":1,"x":2,"y":30,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z"}
{"id":3,"x":5,"y":40,"window_start":"2024-01-01T00:00:20Z","window_end":"2024-01-01T00:00:30Z"}
*/
