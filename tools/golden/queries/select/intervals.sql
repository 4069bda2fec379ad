-- Times and intervals add up; months end on the last day there is.
CREATE TABLE v (id BIGINT NOT NULL, ts TIMESTAMP, day DATE, n BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, ts + INTERVAL '1 day 2 hours' AS later, ts - INTERVAL '90' SECOND AS before, ts + INTERVAL '1' MONTH AS month_later, ts - INTERVAL '1 year' AS year_before,
  day + 1 AS tomorrow, day - DATE '2024-01-01' AS days, ts + n * INTERVAL '1 minute' AS n_later, (ts - TIMESTAMP '2024-01-01 00:00:00') > INTERVAL '30 days' AS old,
  extract(epoch FROM ts - TIMESTAMP '2024-01-01 00:00:00') AS secs, to_timestamp_millis(n) AS from_millis, to_timestamp_seconds(n) AS from_seconds,
  make_date(2024, n, 1) AS first_of, make_timestamp(2024, 1, 2, 3, 4, 5.5) AS made
FROM v;

/* input v
{"id":1,"ts":"2024-01-31T10:00:00Z","day":"2024-01-31","n":1}
{"id":2,"ts":"2024-02-29T23:59:59.5Z","day":"2024-02-29","n":12}
{"id":3,"ts":"2023-12-31T00:00:00Z","day":"2023-12-31","n":3}
{"id":4}
*/

/* output results
{"id":1,"later":"2024-02-01T12:00:00Z","before":"2024-01-31T09:58:30Z","month_later":"2024-02-29T10:00:00Z","year_before":"2023-01-31T10:00:00Z","tomorrow":"2024-02-01","days":30,"n_later":"2024-01-31T10:01:00Z","old":true,"secs":2628000.000000,"from_millis":"1970-01-01T00:00:00.001Z","from_seconds":"1970-01-01T00:00:01Z","first_of":"2024-01-01","made":"2024-01-02T03:04:05.500Z"}
{"id":2,"later":"2024-03-02T01:59:59.500Z","before":"2024-02-29T23:58:29.500Z","month_later":"2024-03-29T23:59:59.500Z","year_before":"2023-02-28T23:59:59.500Z","tomorrow":"2024-03-01","days":59,"n_later":"2024-03-01T00:11:59.500Z","old":true,"secs":5183999.500000,"from_millis":"1970-01-01T00:00:00.012Z","from_seconds":"1970-01-01T00:00:12Z","first_of":"2024-12-01","made":"2024-01-02T03:04:05.500Z"}
{"id":3,"later":"2024-01-01T02:00:00Z","before":"2023-12-30T23:58:30Z","month_later":"2024-01-31T00:00:00Z","year_before":"2022-12-31T00:00:00Z","tomorrow":"2024-01-01","days":-1,"n_later":"2023-12-31T00:03:00Z","old":false,"secs":-86400.000000,"from_millis":"1970-01-01T00:00:00.003Z","from_seconds":"1970-01-01T00:00:03Z","first_of":"2024-03-01","made":"2024-01-02T03:04:05.500Z"}
{"id":4,"later":null,"before":null,"month_later":null,"year_before":null,"tomorrow":null,"days":null,"n_later":null,"old":null,"secs":null,"from_millis":null,"from_seconds":null,"first_of":null,"made":"2024-01-02T03:04:05.500Z"}
*/
