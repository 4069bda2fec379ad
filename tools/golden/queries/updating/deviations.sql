-- bool_and, bool_or, variances and deviations, without a window over rows that are updated, and with one.
CREATE TABLE m (k TEXT, v BIGINT, d DECIMAL(10, 2), ok BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE r (k TEXT, every_ok BOOLEAN, some_ok BOOLEAN, vp DOUBLE, vs DOUBLE, sp DOUBLE, ss DOUBLE, dp DOUBLE, PRIMARY KEY (k)) WITH (connector = 'world', format = 'json');
CREATE TABLE w (k TEXT, every_ok BOOLEAN, vs DOUBLE) WITH (connector = 'world', format = 'json');
CREATE TABLE t (n BIGINT, total BIGINT, dev DOUBLE, PRIMARY KEY (n)) WITH (connector = 'world', format = 'json');
INSERT INTO r SELECT k, every(ok), bool_or(ok), var_pop(v), variance(v), stddev_pop(v), stddev(v), stddev_pop(d) FROM m GROUP BY k;
INSERT INTO w SELECT k, bool_and(ok), var_samp(v) FROM m GROUP BY k, tumble(INTERVAL '10' SECOND);
INSERT INTO t SELECT n, count(*), stddev_pop(total) FROM (SELECT k, count(*) AS n, sum(v) AS total FROM m GROUP BY k) GROUP BY n;

/* input m partitions 1
{"k":"a","v":2,"d":1.5,"ok":true,"ts":"2024-01-01T00:00:01Z"}
{"k":"a","v":4,"d":2.5,"ok":null,"ts":"2024-01-01T00:00:02Z"}
{"k":"b","v":7,"d":null,"ok":false,"ts":"2024-01-01T00:00:03Z"}
{"k":"c","v":null,"d":1.25,"ok":null,"ts":"2024-01-01T00:00:04Z"}
{"k":"a","v":6,"d":3.5,"ok":false,"ts":"2024-01-01T00:00:05Z"}
{"k":"d","v":1,"d":null,"ok":true,"ts":"2024-01-01T00:00:06Z"}
{"k":"d","v":5,"d":null,"ok":true,"ts":"2024-01-01T00:00:17Z"}
{"k":"b","v":9,"d":null,"ok":false,"ts":"2024-01-01T00:00:18Z"}
*/

/* output r
{"k":"a","every_ok":false,"some_ok":true,"vp":2.6666666666666665,"vs":4,"sp":1.632993161855452,"ss":2,"dp":0.816496580927726}
{"k":"b","every_ok":false,"some_ok":false,"vp":1,"vs":2,"sp":1,"ss":1.4142135623730951,"dp":null}
{"k":"c","every_ok":null,"some_ok":null,"vp":null,"vs":null,"sp":null,"ss":null,"dp":0}
{"k":"d","every_ok":true,"some_ok":true,"vp":4,"vs":8,"sp":2,"ss":2.8284271247461903,"dp":null}
*/

/* output t
{"n":1,"total":1,"dev":null}
{"n":2,"total":2,"dev":5}
{"n":3,"total":1,"dev":0}
*/

/* output w
{"k":"a","every_ok":false,"vs":4}
{"k":"b","every_ok":false,"vs":null}
{"k":"b","every_ok":false,"vs":null}
{"k":"c","every_ok":null,"vs":null}
{"k":"d","every_ok":true,"vs":null}
{"k":"d","every_ok":true,"vs":null}
*/
