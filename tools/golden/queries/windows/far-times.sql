-- Fault 1.1.2: times of the years 1 to 9999 go through windows, exchange, snapshots and sinks, also beyond 2^53 microseconds (before 1684, after 2255).
CREATE TABLE v (k TEXT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH (connector = 'world', format = 'json');
CREATE TABLE tumbling WITH (connector = 'world', format = 'json');
INSERT INTO tumbling SELECT k, tumble(INTERVAL '1 hour') AS w, count(*) AS n, max(ts) AS last FROM v GROUP BY 1, 2;
CREATE TABLE hopping WITH (connector = 'world', format = 'json');
INSERT INTO hopping SELECT k, window_start, window_end, count(*) AS n
FROM TABLE(HOP(TABLE v, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '3' MINUTE)) GROUP BY k, window_start, window_end;

/* input v partition 0
{"k":"a","ts":"0001-01-01T00:00:00Z"}
{"k":"b","ts":"0001-01-01T00:59:59.999999Z"}
{"k":"a","ts":"1600-01-01T00:00:00Z"}

{"k":"a","ts":"1600-01-01T00:00:00.000001Z"}
{"k":"a","ts":"1684-07-28T00:12:25.259007Z"}
{"k":"a","ts":"1684-07-28T00:12:25.259009Z"}

{"k":"b","ts":"2255-06-05T23:10:00Z"}
{"k":"b","ts":"2255-06-05T23:47:34.740993Z"}
{"k":"b","ts":"2255-06-06T00:00:00Z"}

{"k":"a","ts":"9999-12-31T00:00:00Z"}
{"k":"a","ts":"9999-12-31T22:59:59.999999Z"}
{"k":"b","ts":"9999-12-31T23:59:59.999999Z"}
*/

/* output hopping
{"k":"a","window_start":"0000-12-31T23:58:00Z","window_end":"0001-01-01T00:01:00Z","n":1}
{"k":"a","window_start":"0001-01-01T00:00:00Z","window_end":"0001-01-01T00:03:00Z","n":1}
{"k":"a","window_start":"1599-12-31T23:58:00Z","window_end":"1600-01-01T00:01:00Z","n":2}
{"k":"a","window_start":"1600-01-01T00:00:00Z","window_end":"1600-01-01T00:03:00Z","n":2}
{"k":"a","window_start":"1684-07-28T00:10:00Z","window_end":"1684-07-28T00:13:00Z","n":2}
{"k":"a","window_start":"1684-07-28T00:12:00Z","window_end":"1684-07-28T00:15:00Z","n":2}
{"k":"a","window_start":"9999-12-30T23:58:00Z","window_end":"9999-12-31T00:01:00Z","n":1}
{"k":"a","window_start":"9999-12-31T00:00:00Z","window_end":"9999-12-31T00:03:00Z","n":1}
{"k":"a","window_start":"9999-12-31T22:58:00Z","window_end":"9999-12-31T23:01:00Z","n":1}
{"k":"b","window_start":"0001-01-01T00:58:00Z","window_end":"0001-01-01T01:01:00Z","n":1}
{"k":"b","window_start":"2255-06-05T23:08:00Z","window_end":"2255-06-05T23:11:00Z","n":1}
{"k":"b","window_start":"2255-06-05T23:10:00Z","window_end":"2255-06-05T23:13:00Z","n":1}
{"k":"b","window_start":"2255-06-05T23:46:00Z","window_end":"2255-06-05T23:49:00Z","n":1}
{"k":"b","window_start":"2255-06-05T23:58:00Z","window_end":"2255-06-06T00:01:00Z","n":1}
{"k":"b","window_start":"2255-06-06T00:00:00Z","window_end":"2255-06-06T00:03:00Z","n":1}
{"k":"b","window_start":"9999-12-31T23:58:00Z","window_end":"+10000-01-01T00:01:00Z","n":1}
*/

/* output tumbling
{"k":"a","w":{"start":"0001-01-01T00:00:00Z","end":"0001-01-01T01:00:00Z"},"n":1,"last":"0001-01-01T00:00:00Z"}
{"k":"a","w":{"start":"1600-01-01T00:00:00Z","end":"1600-01-01T01:00:00Z"},"n":2,"last":"1600-01-01T00:00:00.000001Z"}
{"k":"a","w":{"start":"1684-07-28T00:00:00Z","end":"1684-07-28T01:00:00Z"},"n":2,"last":"1684-07-28T00:12:25.259009Z"}
{"k":"a","w":{"start":"9999-12-31T00:00:00Z","end":"9999-12-31T01:00:00Z"},"n":1,"last":"9999-12-31T00:00:00Z"}
{"k":"a","w":{"start":"9999-12-31T22:00:00Z","end":"9999-12-31T23:00:00Z"},"n":1,"last":"9999-12-31T22:59:59.999999Z"}
{"k":"b","w":{"start":"0001-01-01T00:00:00Z","end":"0001-01-01T01:00:00Z"},"n":1,"last":"0001-01-01T00:59:59.999999Z"}
{"k":"b","w":{"start":"2255-06-05T23:00:00Z","end":"2255-06-06T00:00:00Z"},"n":2,"last":"2255-06-05T23:47:34.740993Z"}
{"k":"b","w":{"start":"2255-06-06T00:00:00Z","end":"2255-06-06T01:00:00Z"},"n":1,"last":"2255-06-06T00:00:00Z"}
{"k":"b","w":{"start":"9999-12-31T23:00:00Z","end":"+10000-01-01T00:00:00Z"},"n":1,"last":"9999-12-31T23:59:59.999999Z"}
*/
