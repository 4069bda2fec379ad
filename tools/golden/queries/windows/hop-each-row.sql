-- Fault 1.1.4: HOP as a table function without GROUP BY gives each row once a window; its columns may stand in any expression.
CREATE TABLE v (id BIGINT, unused TEXT, x BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, window_start, window_end, window_time
FROM TABLE(HOP(TABLE v, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) WHERE x > 0;
CREATE TABLE starred WITH (connector = 'world', format = 'json');
INSERT INTO starred SELECT * FROM TABLE(HOP(TABLE v, DESCRIPTOR(ts), INTERVAL '4' SECOND, INTERVAL '5' SECOND));
CREATE TABLE counted WITH (connector = 'world', format = 'json');
INSERT INTO counted SELECT EXTRACT(SECOND FROM window_start) AS from_second, sum(x) AS total, max(window_end) AS latest
FROM TABLE(HOP(TABLE v, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY EXTRACT(SECOND FROM window_start), window_start, window_end;

/* input v
{"id":1,"x":1,"ts":"2024-01-01T00:00:00Z"}
{"id":2,"x":2,"ts":"2024-01-01T00:00:04.999Z"}

{"id":3,"x":0,"ts":"2024-01-01T00:00:05Z"}

{"id":4,"x":7,"ts":"2024-01-01T00:00:12Z"}
*/

/* output counted
{"from_second":0.000000,"total":3,"latest":"2024-01-01T00:00:10Z"}
{"from_second":10.000000,"total":7,"latest":"2024-01-01T00:00:20Z"}
{"from_second":5.000000,"total":7,"latest":"2024-01-01T00:00:15Z"}
{"from_second":55.000000,"total":3,"latest":"2024-01-01T00:00:05Z"}
*/

/* output results
{"id":1,"window_start":"2023-12-31T23:59:55Z","window_end":"2024-01-01T00:00:05Z","window_time":"2024-01-01T00:00:04.999Z"}
{"id":1,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","window_time":"2024-01-01T00:00:09.999Z"}
{"id":2,"window_start":"2023-12-31T23:59:55Z","window_end":"2024-01-01T00:00:05Z","window_time":"2024-01-01T00:00:04.999Z"}
{"id":2,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","window_time":"2024-01-01T00:00:09.999Z"}
{"id":4,"window_start":"2024-01-01T00:00:05Z","window_end":"2024-01-01T00:00:15Z","window_time":"2024-01-01T00:00:14.999Z"}
{"id":4,"window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:20Z","window_time":"2024-01-01T00:00:19.999Z"}
*/

/* output starred
{"id":1,"unused":null,"x":1,"ts":"2024-01-01T00:00:00Z","window_start":"2023-12-31T23:59:56Z","window_end":"2024-01-01T00:00:01Z","window_time":"2024-01-01T00:00:00.999Z"}
{"id":1,"unused":null,"x":1,"ts":"2024-01-01T00:00:00Z","window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:05Z","window_time":"2024-01-01T00:00:04.999Z"}
{"id":2,"unused":null,"x":2,"ts":"2024-01-01T00:00:04.999Z","window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:05Z","window_time":"2024-01-01T00:00:04.999Z"}
{"id":2,"unused":null,"x":2,"ts":"2024-01-01T00:00:04.999Z","window_start":"2024-01-01T00:00:04Z","window_end":"2024-01-01T00:00:09Z","window_time":"2024-01-01T00:00:08.999Z"}
{"id":3,"unused":null,"x":0,"ts":"2024-01-01T00:00:05Z","window_start":"2024-01-01T00:00:04Z","window_end":"2024-01-01T00:00:09Z","window_time":"2024-01-01T00:00:08.999Z"}
{"id":4,"unused":null,"x":7,"ts":"2024-01-01T00:00:12Z","window_start":"2024-01-01T00:00:08Z","window_end":"2024-01-01T00:00:13Z","window_time":"2024-01-01T00:00:12.999Z"}
{"id":4,"unused":null,"x":7,"ts":"2024-01-01T00:00:12Z","window_start":"2024-01-01T00:00:12Z","window_end":"2024-01-01T00:00:17Z","window_time":"2024-01-01T00:00:16.999Z"}
*/
