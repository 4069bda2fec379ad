-- Fault 1.1.4: a view of a UNION ALL has the event time of its branches, in every spelling of a window.
CREATE TABLE a (k TEXT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE b (ts TIMESTAMP(3) NOT NULL, k TEXT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE VIEW u AS SELECT k, ts FROM a UNION ALL SELECT k, ts FROM b;
CREATE VIEW twice AS SELECT k, ts AS own, ts FROM a UNION ALL SELECT k, ts, ts FROM b;
CREATE TABLE grouped WITH (connector = 'world', format = 'json');
INSERT INTO grouped SELECT k, tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM u GROUP BY 1, 2;
CREATE TABLE named WITH (connector = 'world', format = 'json');
INSERT INTO named SELECT k, TUMBLE_START(ts, INTERVAL '10' SECOND) AS s, count(*) AS n FROM u GROUP BY k, TUMBLE(ts, INTERVAL '10' SECOND);
CREATE TABLE tabled WITH (connector = 'world', format = 'json');
INSERT INTO tabled SELECT k, window_start, window_end, count(*) AS n
FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
CREATE TABLE hopped WITH (connector = 'world', format = 'json');
INSERT INTO hopped SELECT k, window_start, count(*) AS n
FROM TABLE(HOP(TABLE twice, DESCRIPTOR(own), INTERVAL '10' SECOND, INTERVAL '20' SECOND)) GROUP BY k, window_start, window_end;
CREATE TABLE each_row WITH (connector = 'world', format = 'json');
INSERT INTO each_row SELECT k, ts, window_start, window_time FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '10' SECOND));

/* input a
{"k":"x","ts":"2024-01-01T00:00:01Z"}
{"k":"x","ts":"2024-01-01T00:00:09.999999Z"}
{"k":"y","ts":"2024-01-01T00:00:10Z"}
*/

/* input b
{"k":"x","ts":"2024-01-01T00:00:02.5Z"}
{"k":"y","ts":"2024-01-01T00:00:12Z"}
*/

/* output each_row
{"k":"x","ts":"2024-01-01T00:00:01Z","window_start":"2024-01-01T00:00:00Z","window_time":"2024-01-01T00:00:09.999Z"}
{"k":"x","ts":"2024-01-01T00:00:02.500Z","window_start":"2024-01-01T00:00:00Z","window_time":"2024-01-01T00:00:09.999Z"}
{"k":"x","ts":"2024-01-01T00:00:09.999999Z","window_start":"2024-01-01T00:00:00Z","window_time":"2024-01-01T00:00:09.999Z"}
{"k":"y","ts":"2024-01-01T00:00:10Z","window_start":"2024-01-01T00:00:10Z","window_time":"2024-01-01T00:00:19.999Z"}
{"k":"y","ts":"2024-01-01T00:00:12Z","window_start":"2024-01-01T00:00:10Z","window_time":"2024-01-01T00:00:19.999Z"}
*/

/* output grouped
{"k":"x","w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z"},"n":3}
{"k":"y","w":{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:20Z"},"n":2}
*/

/* output hopped
{"k":"x","window_start":"2023-12-31T23:59:50Z","n":3}
{"k":"x","window_start":"2024-01-01T00:00:00Z","n":3}
{"k":"y","window_start":"2024-01-01T00:00:00Z","n":2}
{"k":"y","window_start":"2024-01-01T00:00:10Z","n":2}
*/

/* output named
{"k":"x","s":"2024-01-01T00:00:00Z","n":3}
{"k":"y","s":"2024-01-01T00:00:10Z","n":2}
*/

/* output tabled
{"k":"x","window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","n":3}
{"k":"y","window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:20Z","n":2}
*/
