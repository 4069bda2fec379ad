-- TRY_CAST gives NULL where CAST would stop the pipeline.
CREATE TABLE v (id BIGINT NOT NULL, t TEXT, n BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, TRY_CAST(t AS BIGINT) AS n, TRY_CAST(t AS DOUBLE) AS d, TRY_CAST(t AS BOOLEAN) AS b, TRY_CAST(t AS DATE) AS day,
  TRY_CAST(t AS DECIMAL(4, 2)) AS c, TRY_CAST(n AS SMALLINT) AS small, TRY_CAST(t AS TIMESTAMP) AS ts
FROM v;

/* input v
{"id":1,"t":"12","n":32767}
{"id":2,"t":"12.5","n":32768}
{"id":3,"t":"abc","n":-32768}
{"id":4,"t":"true","n":-32769}
{"id":5,"t":"2024-02-29"}
{"id":6,"t":"2023-02-29"}
{"id":7,"t":"123.456"}
{"id":8,"t":""}
{"id":9}
{"id":10,"t":"2024-02-29 12:30:00.5"}
*/

/* output results
{"id":1,"n":12,"d":12,"b":null,"day":null,"c":12.00,"small":32767,"ts":null}
{"id":10,"n":null,"d":null,"b":null,"day":"2024-02-29","c":null,"small":null,"ts":"2024-02-29T12:30:00.500Z"}
{"id":2,"n":null,"d":12.5,"b":null,"day":null,"c":12.50,"small":null,"ts":null}
{"id":3,"n":null,"d":null,"b":null,"day":null,"c":null,"small":-32768,"ts":null}
{"id":4,"n":null,"d":null,"b":true,"day":null,"c":null,"small":null,"ts":null}
{"id":5,"n":null,"d":null,"b":null,"day":"2024-02-29","c":null,"small":null,"ts":"2024-02-29T00:00:00Z"}
{"id":6,"n":null,"d":null,"b":null,"day":null,"c":null,"small":null,"ts":null}
{"id":7,"n":null,"d":123.456,"b":null,"day":null,"c":null,"small":null,"ts":null}
{"id":8,"n":null,"d":null,"b":null,"day":null,"c":null,"small":null,"ts":null}
{"id":9,"n":null,"d":null,"b":null,"day":null,"c":null,"small":null,"ts":null}
*/
