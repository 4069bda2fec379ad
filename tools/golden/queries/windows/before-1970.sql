-- Windows before 1970 begin at whole multiples as well.
CREATE TABLE v (id BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT tumble(INTERVAL '1 hour') AS w, count(*) AS n, min(ts) AS first FROM v GROUP BY 1;

/* input v
{"id":1,"ts":"1969-12-31T22:59:59.999999Z"}
{"id":2,"ts":"1969-12-31T23:00:00Z"}
{"id":3,"ts":"1969-12-31T23:59:59.999999Z"}
{"id":4,"ts":"1970-01-01T00:00:00Z"}
{"id":5,"ts":"1970-01-01T00:59:59Z"}
{"id":6,"ts":"1970-01-01T01:00:00Z"}
*/

/* output results
{"w":{"start":"1969-12-31T22:00:00Z","end":"1969-12-31T23:00:00Z"},"n":1,"first":"1969-12-31T22:59:59.999999Z"}
{"w":{"start":"1969-12-31T23:00:00Z","end":"1970-01-01T00:00:00Z"},"n":2,"first":"1969-12-31T23:00:00Z"}
{"w":{"start":"1970-01-01T00:00:00Z","end":"1970-01-01T01:00:00Z"},"n":2,"first":"1970-01-01T00:00:00Z"}
{"w":{"start":"1970-01-01T01:00:00Z","end":"1970-01-01T02:00:00Z"},"n":1,"first":"1970-01-01T01:00:00Z"}
*/
