-- A window struct that comes out of a subquery is grouped by: as a whole, by its fields, and once more (nested aggregates, Nexmark q5's shape).
CREATE TABLE bids (auction BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE most WITH (connector = 'world', format = 'json');
INSERT INTO most SELECT max(n) AS n, w FROM (SELECT auction, count(*) AS n, hop(INTERVAL '2 seconds', INTERVAL '4 seconds') AS w FROM bids GROUP BY auction, w) AS c GROUP BY w;
CREATE TABLE by_fields WITH (connector = 'world', format = 'json');
INSERT INTO by_fields SELECT w.start AS since, w.end AS until, sum(n) AS n FROM (SELECT auction, count(*) AS n, tumble(INTERVAL '4 seconds') AS w FROM bids GROUP BY auction, w) AS c GROUP BY w.start, w.end;
CREATE TABLE top WITH (connector = 'world', format = 'json');
INSERT INTO top
SELECT c.auction, c.n, c.w.start AS since FROM
(SELECT auction, count(*) AS n, hop(INTERVAL '2 seconds', INTERVAL '4 seconds') AS w FROM bids GROUP BY auction, w) AS c
JOIN (SELECT max(n) AS maxn, w FROM (SELECT auction, count(*) AS n, hop(INTERVAL '2 seconds', INTERVAL '4 seconds') AS w FROM bids GROUP BY auction, w) AS d GROUP BY w) AS m
ON c.n = m.maxn AND c.w = m.w;

/* input bids
{"auction":1,"ts":"2024-01-01T00:00:00Z"}
{"auction":1,"ts":"2024-01-01T00:00:01Z"}
{"auction":2,"ts":"2024-01-01T00:00:01Z"}
{"auction":2,"ts":"2024-01-01T00:00:03Z"}

{"auction":1,"ts":"2024-01-01T00:00:06Z"}
{"auction":3,"ts":"2024-01-01T00:00:07Z"}
{"auction":3,"ts":"2024-01-01T00:00:07.5Z"}
*/

/* output by_fields
{"since":"2024-01-01T00:00:00Z","until":"2024-01-01T00:00:04Z","n":4}
{"since":"2024-01-01T00:00:04Z","until":"2024-01-01T00:00:08Z","n":3}
*/

/* output most
{"n":1,"w":{"start":"2024-01-01T00:00:02Z","end":"2024-01-01T00:00:06Z"}}
{"n":2,"w":{"start":"2023-12-31T23:59:58Z","end":"2024-01-01T00:00:02Z"}}
{"n":2,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:04Z"}}
{"n":2,"w":{"start":"2024-01-01T00:00:04Z","end":"2024-01-01T00:00:08Z"}}
{"n":2,"w":{"start":"2024-01-01T00:00:06Z","end":"2024-01-01T00:00:10Z"}}
*/

/* output top
{"auction":1,"n":2,"since":"2023-12-31T23:59:58Z"}
{"auction":1,"n":2,"since":"2024-01-01T00:00:00Z"}
{"auction":2,"n":1,"since":"2024-01-01T00:00:02Z"}
{"auction":2,"n":2,"since":"2024-01-01T00:00:00Z"}
{"auction":3,"n":2,"since":"2024-01-01T00:00:04Z"}
{"auction":3,"n":2,"since":"2024-01-01T00:00:06Z"}
*/
