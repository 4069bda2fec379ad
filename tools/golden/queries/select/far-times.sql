-- Fault 1.1.2: arithmetic, casts and functions of times beyond 2^53 microseconds are exact.
CREATE TABLE v (id BIGINT, ts TIMESTAMP, d DATE, ms BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, ts + INTERVAL '1' MICROSECOND AS next, ts - INTERVAL '1' DAY AS day_before, ts + INTERVAL '1' MONTH AS month_later, date_trunc('hour', ts) AS hour,
  date_trunc('month', ts) AS month, date_bin(INTERVAL '7' MINUTE, ts, TIMESTAMP '1970-01-01 00:00:00') AS bin, CAST(ts AS DATE) AS date, CAST(ts AS TIME) AS time,
  CAST(ts AS TEXT) AS text, CAST(CAST(ts AS TEXT) AS TIMESTAMP) = ts AS back, CAST(ts AS TIMESTAMP(3)) AS millis, CAST(d AS TIMESTAMP) AS midnight,
  d + INTERVAL '1' DAY AS day_after, d + 1 AS tomorrow, unix_micros(ts) AS us, unix_millis(ts) AS ums, unix_timestamp(ts) AS s, EXTRACT(EPOCH FROM ts) AS epoch,
  EXTRACT(MICROSECONDS FROM ts) AS micro, YEAR(ts) AS y, DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm:ss.SSSSSS') AS java, to_timestamp_millis(ms) AS of_millis,
  to_timestamp_micros(unix_micros(ts)) = ts AS round_trip, EXTRACT(EPOCH FROM INTERVAL '400' YEAR) AS long_ago, FROM_UNIXTIME(unix_timestamp(ts)) AS flink
FROM v;

/* input v
{"id":1,"ts":"9999-12-30T23:59:59.999999Z","d":"9999-12-30","ms":253402300799999}
{"id":2,"ts":"0001-01-02T00:00:00.000001Z","d":"0001-01-02","ms":-62135596800000}
{"id":3,"ts":"2255-06-05T23:47:34.740993Z","d":"2255-06-05","ms":9007199254741}
{"id":4,"ts":"1684-07-28T00:12:25.259007Z","d":"1684-07-28","ms":-9007199254741}
*/

/* output results
{"id":1,"next":"9999-12-31T00:00:00Z","day_before":"9999-12-29T23:59:59.999999Z","month_later":"+10000-01-30T23:59:59.999999Z","hour":"9999-12-30T23:00:00Z","month":"9999-12-01T00:00:00Z","bin":"9999-12-30T23:55:00Z","date":"9999-12-30","time":"23:59:59.999999","text":"9999-12-30 23:59:59.999999","back":true,"millis":"9999-12-31T00:00:00Z","midnight":"9999-12-30T00:00:00Z","day_after":"9999-12-31T00:00:00Z","tomorrow":"9999-12-31","us":253402214399999999,"ums":253402214399999,"s":253402214399,"epoch":253402214399.999999,"micro":59999999,"y":9999,"java":"9999-12-30 23:59:59.999999","of_millis":"9999-12-31T23:59:59.999Z","round_trip":true,"long_ago":12623040000.000000,"flink":"9999-12-30 23:59:59"}
{"id":2,"next":"0001-01-02T00:00:00.000002Z","day_before":"0001-01-01T00:00:00.000001Z","month_later":"0001-02-02T00:00:00.000001Z","hour":"0001-01-02T00:00:00Z","month":"0001-01-01T00:00:00Z","bin":"0001-01-01T23:56:00Z","date":"0001-01-02","time":"00:00:00.000001","text":"0001-01-02 00:00:00.000001","back":true,"millis":"0001-01-02T00:00:00Z","midnight":"0001-01-02T00:00:00Z","day_after":"0001-01-03T00:00:00Z","tomorrow":"0001-01-03","us":-62135510399999999,"ums":-62135510400000,"s":-62135510400,"epoch":-62135510399.999999,"micro":1,"y":1,"java":"0001-01-02 00:00:00.000001","of_millis":"0001-01-01T00:00:00Z","round_trip":true,"long_ago":12623040000.000000,"flink":"0001-01-02 00:00:00"}
{"id":3,"next":"2255-06-05T23:47:34.740994Z","day_before":"2255-06-04T23:47:34.740993Z","month_later":"2255-07-05T23:47:34.740993Z","hour":"2255-06-05T23:00:00Z","month":"2255-06-01T00:00:00Z","bin":"2255-06-05T23:44:00Z","date":"2255-06-05","time":"23:47:34.740993","text":"2255-06-05 23:47:34.740993","back":true,"millis":"2255-06-05T23:47:34.741Z","midnight":"2255-06-05T00:00:00Z","day_after":"2255-06-06T00:00:00Z","tomorrow":"2255-06-06","us":9007199254740993,"ums":9007199254740,"s":9007199254,"epoch":9007199254.740993,"micro":34740993,"y":2255,"java":"2255-06-05 23:47:34.740993","of_millis":"2255-06-05T23:47:34.741Z","round_trip":true,"long_ago":12623040000.000000,"flink":"2255-06-05 23:47:34"}
{"id":4,"next":"1684-07-28T00:12:25.259008Z","day_before":"1684-07-27T00:12:25.259007Z","month_later":"1684-08-28T00:12:25.259007Z","hour":"1684-07-28T00:00:00Z","month":"1684-07-01T00:00:00Z","bin":"1684-07-28T00:09:00Z","date":"1684-07-28","time":"00:12:25.259007","text":"1684-07-28 00:12:25.259007","back":true,"millis":"1684-07-28T00:12:25.259Z","midnight":"1684-07-28T00:00:00Z","day_after":"1684-07-29T00:00:00Z","tomorrow":"1684-07-29","us":-9007199254740993,"ums":-9007199254741,"s":-9007199255,"epoch":-9007199254.740993,"micro":25259007,"y":1684,"java":"1684-07-28 00:12:25.259007","of_millis":"1684-07-28T00:12:25.259Z","round_trip":true,"long_ago":12623040000.000000,"flink":"1684-07-28 00:12:25"}
*/
