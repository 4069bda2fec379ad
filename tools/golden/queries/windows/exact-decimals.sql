-- Sums and averages of decimals are exact.
CREATE TABLE v (c DECIMAL(20, 4), ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT sum(c) AS total, avg(c) AS mean, sum(c * 0.1) AS tenth, count(*) AS n FROM v GROUP BY tumble(INTERVAL '1 day');

/* input v
{"c":0.1,"ts":"2024-01-01T00:00:00Z"}
{"c":0.2,"ts":"2024-01-01T00:00:00Z"}
{"c":9999999999999999.9999,"ts":"2024-01-01T00:00:01Z"}
{"c":-9999999999999999.9999,"ts":"2024-01-01T00:00:02Z"}
{"c":0.0001,"ts":"2024-01-01T00:00:03Z"}
{"ts":"2024-01-01T00:00:03Z"}
{"c":9999999999999999.9999,"ts":"2024-01-02T00:00:01Z"}
{"c":9999999999999999.9999,"ts":"2024-01-02T00:00:01Z"}
*/

/* output results
{"total":0.3001,"mean":0.060020,"tenth":0.03001,"n":6}
{"total":19999999999999999.9998,"mean":9999999999999999.999900,"tenth":1999999999999999.99998,"n":2}
*/
