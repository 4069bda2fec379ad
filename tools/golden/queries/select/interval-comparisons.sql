-- Fault 1.1.14: intervals of months beside such of days and shorter units compare as a month of 30 days.
CREATE TABLE v (id BIGINT, n BIGINT, ts TIMESTAMP, other TIMESTAMP) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  INTERVAL '1' MONTH > INTERVAL '1' SECOND AS constant,
  n * INTERVAL '1' MONTH > other - ts AS months_more,
  other - ts = n * INTERVAL '1' MONTH AS same,
  other - ts BETWEEN INTERVAL '29' DAY AND n * INTERVAL '1' MONTH AS within,
  n * INTERVAL '1' MONTH IN (INTERVAL '30' DAY, INTERVAL '2' MONTH) AS listed,
  n * INTERVAL '1' MONTH IS DISTINCT FROM other - ts AS distinct_from,
  ts + n * INTERVAL '1' MONTH AS months_later
FROM v;

/* input v
{"id":1,"n":1,"ts":"2024-01-31T00:00:00Z","other":"2024-03-01T00:00:00Z"}
{"id":2,"n":1,"ts":"2024-01-31T00:00:00Z","other":"2024-03-01T00:00:00.000001Z"}
{"id":3,"n":2,"ts":"2024-01-01T00:00:00Z","other":"2024-02-29T00:00:00Z"}
{"id":4,"n":-1,"ts":"2024-01-01T00:00:00Z","other":"2023-12-01T00:00:00Z"}
{"id":5,"n":1}
*/

/* output results
{"id":1,"constant":true,"months_more":false,"same":true,"within":true,"listed":true,"distinct_from":false,"months_later":"2024-02-29T00:00:00Z"}
{"id":2,"constant":true,"months_more":false,"same":false,"within":false,"listed":true,"distinct_from":true,"months_later":"2024-02-29T00:00:00Z"}
{"id":3,"constant":true,"months_more":true,"same":false,"within":true,"listed":true,"distinct_from":true,"months_later":"2024-03-01T00:00:00Z"}
{"id":4,"constant":true,"months_more":true,"same":false,"within":false,"listed":false,"distinct_from":true,"months_later":"2023-12-01T00:00:00Z"}
{"id":5,"constant":true,"months_more":null,"same":null,"within":null,"listed":true,"distinct_from":true,"months_later":null}
*/
