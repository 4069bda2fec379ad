-- What CASE, WHERE, AND, COALESCE or FILTER keeps away is not computed: no division by zero.
CREATE TABLE v (id BIGINT NOT NULL, n BIGINT, t TEXT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE cased WITH (connector = 'world', format = 'json');
CREATE TABLE filtered WITH (connector = 'world', format = 'json');
CREATE TABLE derived WITH (connector = 'world', format = 'json');
CREATE TABLE aggregated WITH (connector = 'world', format = 'json');
INSERT INTO cased SELECT id, CASE WHEN n <> 0 THEN 100 / n ELSE -1 END AS q, coalesce(t, CAST(100 / n AS TEXT)) AS c, n <> 0 AND 100 / n > 10 AS big FROM v;
INSERT INTO filtered SELECT id, 100 / n AS q, t::BIGINT AS number FROM v WHERE n <> 0 AND t ~ '^[0-9]+$';
INSERT INTO derived SELECT id, 100 / n AS q FROM (SELECT id, n FROM v WHERE n > 0) AS d WHERE 100 / n < 50;
INSERT INTO aggregated SELECT sum(100 / n) FILTER (WHERE n <> 0) AS s, count(*) AS c FROM v GROUP BY tumble(INTERVAL '1 minute');

/* input v
{"id":1,"n":0,"t":"x","ts":"2024-01-01T00:00:00Z"}
{"id":2,"n":5,"t":"7","ts":"2024-01-01T00:00:01Z"}
{"id":3,"n":20,"ts":"2024-01-01T00:00:02Z"}
{"id":4,"t":"12x","ts":"2024-01-01T00:00:03Z"}
{"id":5,"n":1,"t":"","ts":"2024-01-01T00:00:04Z"}
*/

/* output cased
{"id":1,"q":-1,"c":"x","big":false}
{"id":2,"q":20,"c":"7","big":true}
{"id":3,"q":5,"c":"5","big":false}
{"id":4,"q":-1,"c":"12x","big":null}
{"id":5,"q":100,"c":"","big":true}
*/

/* output filtered
{"id":2,"q":20,"number":7}
*/

/* output derived
{"id":2,"q":20}
{"id":3,"q":5}
*/

/* output aggregated
{"s":125,"c":5}
*/
