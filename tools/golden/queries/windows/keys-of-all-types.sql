-- Groups by decimals, booleans, dates, doubles, bytes, NULLs.
CREATE TABLE v (c DECIMAL(30, 2), b BOOLEAN, day DATE, d DOUBLE, s TEXT, y BYTEA, n BIGINT UNSIGNED, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT c, b, day, d, s, y, n, count(*) AS rows FROM v GROUP BY c, b, day, d, s, y, n, tumble(INTERVAL '1 minute');

/* input v
{"c":1.10,"b":true,"day":"2024-01-01","d":0.1,"s":"a","y":"AA==","n":18446744073709551615,"ts":"2024-01-01T00:00:00Z"}
{"c":1.1,"b":true,"day":"2024-01-01","d":0.1,"s":"a","y":"AA==","n":18446744073709551615,"ts":"2024-01-01T00:00:01Z"}
{"c":1.11,"b":true,"day":"2024-01-01","d":0.1,"s":"a","y":"AA==","n":18446744073709551615,"ts":"2024-01-01T00:00:01Z"}
{"ts":"2024-01-01T00:00:02Z"}
{"ts":"2024-01-01T00:00:03Z"}
{"s":"","ts":"2024-01-01T00:00:03Z"}
{"b":false,"ts":"2024-01-01T00:00:04Z"}
{"c":9999999999999999999999999999.99,"d":-0.0,"ts":"2024-01-01T00:00:05Z"}
{"c":9999999999999999999999999999.99,"d":0,"ts":"2024-01-01T00:00:06Z"}
*/

/* output results
{"c":1.10,"b":true,"day":"2024-01-01","d":0.1,"s":"a","y":"AA==","n":18446744073709551615,"rows":2}
{"c":1.11,"b":true,"day":"2024-01-01","d":0.1,"s":"a","y":"AA==","n":18446744073709551615,"rows":1}
{"c":9999999999999999999999999999.99,"b":null,"day":null,"d":0,"s":null,"y":null,"n":null,"rows":2}
{"c":null,"b":false,"day":null,"d":null,"s":null,"y":null,"n":null,"rows":1}
{"c":null,"b":null,"day":null,"d":null,"s":"","y":null,"n":null,"rows":1}
{"c":null,"b":null,"day":null,"d":null,"s":null,"y":null,"n":null,"rows":2}
*/
