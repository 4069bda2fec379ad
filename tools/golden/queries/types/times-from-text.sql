-- One grammar of times: a TIMESTAMP in JSON, the cast of its text and a literal are the same.
CREATE TABLE v (id BIGINT NOT NULL, t TIMESTAMP, s TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, t, t = CAST(s AS TIMESTAMP) AS cast_is_same, t = TIMESTAMP '2026-06-25T09:15Z' AS is_literal,
  CAST(s AS DATE) AS d, TRY_CAST(s AS TIME) AS c FROM v;

/* input v
{"id":1,"t":"2026-06-25T09:15Z","s":"2026-06-25T09:15Z"}
{"id":2,"t":"2026-06-25 11:15 +02:00","s":"2026-06-25 11:15 +02:00"}
{"id":3,"t":"2026-06-25T09:15:00.0000009","s":"2026-06-25T09:15:00.0000009"}
{"id":4,"t":"2026-06-25","s":"2026-06-25"}
{"id":5,"t":"2026-06-24T24:00","s":"2026-06-24T24:00"}
{"id":6,"t":"2016-12-31T23:59:60Z","s":"2016-12-31T23:59:60Z"}
{"id":7,"t":"9999-12-31T23:59:59-01:00","s":"9999-12-31T23:59:59-01:00"}
*/

/* output results
{"id":1,"t":"2026-06-25T09:15:00Z","cast_is_same":true,"is_literal":true,"d":"2026-06-25","c":"09:15:00"}
{"id":2,"t":"2026-06-25T09:15:00Z","cast_is_same":true,"is_literal":true,"d":"2026-06-25","c":"11:15:00"}
{"id":3,"t":"2026-06-25T09:15:00Z","cast_is_same":true,"is_literal":true,"d":"2026-06-25","c":"09:15:00"}
{"id":4,"t":"2026-06-25T00:00:00Z","cast_is_same":true,"is_literal":false,"d":"2026-06-25","c":null}
{"id":5,"t":"2026-06-25T00:00:00Z","cast_is_same":true,"is_literal":false,"d":"2026-06-25","c":"00:00:00"}
{"id":6,"t":"2017-01-01T00:00:00Z","cast_is_same":true,"is_literal":false,"d":"2017-01-01","c":"00:00:00"}
{"id":7,"t":"+10000-01-01T00:59:59Z","cast_is_same":true,"is_literal":false,"d":"9999-12-31","c":"23:59:59"}
*/
