-- stops: WEIR-2301
-- A sum beyond 64 bits stops the pipeline.
CREATE TABLE v (n BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT tumble(INTERVAL '1 minute') AS w, sum(n) AS s FROM v GROUP BY 1;

/* input v
{"n":9223372036854775807,"ts":"2024-01-01T00:00:00Z"}
{"n":1,"ts":"2024-01-01T00:00:01Z"}
*/
