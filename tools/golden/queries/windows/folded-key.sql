-- A key that the compiler simplifies to a column or a constant is still the key of GROUP BY.
CREATE TABLE v (s TEXT, t TEXT, f BOOLEAN, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
CREATE TABLE constant WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT CASE WHEN TRUE THEN t WHEN f THEN s END AS k, count(*) AS n FROM v GROUP BY k, tumble(INTERVAL '1 minute');
INSERT INTO constant SELECT 1 + 2 AS three, count(*) AS n FROM v GROUP BY 1, tumble(INTERVAL '1 minute');

/* input v
{"s":"a","t":"x","f":true,"ts":"2024-01-01T00:00:00Z"}
{"s":"b","t":"x","f":false,"ts":"2024-01-01T00:00:01Z"}
{"s":"a","t":"y","ts":"2024-01-01T00:00:02Z"}
{"ts":"2024-01-01T00:00:03Z"}
*/

/* output constant
{"three":3,"n":4}
*/

/* output results
{"k":"x","n":2}
{"k":"y","n":1}
{"k":null,"n":1}
*/
