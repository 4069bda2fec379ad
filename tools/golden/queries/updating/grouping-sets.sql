-- GROUPING SETS, ROLLUP and CUBE, with a window and without: NULL stands for a key that is not of the row's set, and GROUPING tells it from one that is NULL.
CREATE TABLE s (region TEXT, city TEXT, n BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE r (region TEXT, city TEXT, bits BIGINT, rows BIGINT, total BIGINT) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE c (region TEXT, long BOOLEAN, g1 BIGINT, g2 BIGINT, total BIGINT) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE w (window_start TIMESTAMP(3), region TEXT, rows BIGINT) WITH (connector = 'world', format = 'json');
INSERT INTO r SELECT region, city, grouping(region, city), count(*), sum(n) FROM s WHERE n > 0 GROUP BY ROLLUP (region, city);
INSERT INTO c SELECT region, length(city) > 4, GROUPING(region), GROUPING(length(city) > 4), sum(n) FROM s GROUP BY CUBE (region, length(city) > 4) HAVING sum(n) > 3;
INSERT INTO w SELECT window_start, region, count(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, GROUPING SETS ((region), ());

/* input s partitions 1
{"region":"n","city":"Oslo","n":1,"ts":"2024-01-01T00:00:01Z"}
{"region":"n","city":"Bergen","n":2,"ts":"2024-01-01T00:00:02Z"}
{"region":"s","city":"Rome","n":4,"ts":"2024-01-01T00:00:03Z"}
{"region":null,"city":"Rome","n":8,"ts":"2024-01-01T00:00:04Z"}
{"region":"n","city":null,"n":16,"ts":"2024-01-01T00:00:12Z"}
{"region":"s","city":"Rome","n":-5,"ts":"2024-01-01T00:00:13Z"}
*/

/* output c
{"region":"n","long":null,"g1":0,"g2":0,"total":16}
{"region":"n","long":null,"g1":0,"g2":1,"total":19}
{"region":null,"long":false,"g1":0,"g2":0,"total":8}
{"region":null,"long":false,"g1":1,"g2":0,"total":8}
{"region":null,"long":null,"g1":0,"g2":1,"total":8}
{"region":null,"long":null,"g1":1,"g2":0,"total":16}
{"region":null,"long":null,"g1":1,"g2":1,"total":26}
*/

/* output r
{"region":"n","city":"Bergen","bits":0,"rows":1,"total":2}
{"region":"n","city":"Oslo","bits":0,"rows":1,"total":1}
{"region":"n","city":null,"bits":0,"rows":1,"total":16}
{"region":"n","city":null,"bits":1,"rows":3,"total":19}
{"region":"s","city":"Rome","bits":0,"rows":1,"total":4}
{"region":"s","city":null,"bits":1,"rows":1,"total":4}
{"region":null,"city":"Rome","bits":0,"rows":1,"total":8}
{"region":null,"city":null,"bits":1,"rows":1,"total":8}
{"region":null,"city":null,"bits":3,"rows":5,"total":31}
*/

/* output w
{"window_start":"2024-01-01T00:00:00Z","region":"n","rows":2}
{"window_start":"2024-01-01T00:00:00Z","region":"s","rows":1}
{"window_start":"2024-01-01T00:00:00Z","region":null,"rows":1}
{"window_start":"2024-01-01T00:00:00Z","region":null,"rows":4}
{"window_start":"2024-01-01T00:00:10Z","region":"n","rows":1}
{"window_start":"2024-01-01T00:00:10Z","region":"s","rows":1}
{"window_start":"2024-01-01T00:00:10Z","region":null,"rows":2}
*/
