-- The first rows of each window come once, as inserts: of windows that were aggregated (D8), and of rows in them.
CREATE TABLE bids (auction BIGINT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE hottest WITH (connector = 'world', format = 'json');
INSERT INTO hottest
SELECT * FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY n DESC, auction) AS place
  FROM (SELECT window_start, window_end, auction, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, auction)
) WHERE place <= 2;
CREATE TABLE dearest WITH (connector = 'world', format = 'json');
INSERT INTO dearest
SELECT auction, price, window_start FROM (
  SELECT *, RANK() OVER (PARTITION BY window_start, window_end, auction ORDER BY price DESC) AS place FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
) WHERE place = 1;
CREATE TABLE top_of_struct WITH (connector = 'world', format = 'json');
INSERT INTO top_of_struct
SELECT w.start AS since, auction, n FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY w ORDER BY n DESC, auction DESC) AS place FROM (SELECT auction, count(*) AS n, tumble(INTERVAL '10 seconds') AS w FROM bids GROUP BY auction, w) AS c
) AS r WHERE place = 1;

/* input bids
{"auction":1,"price":10,"ts":"2024-01-01T00:00:00Z"}
{"auction":1,"price":30,"ts":"2024-01-01T00:00:04Z"}
{"auction":2,"price":5,"ts":"2024-01-01T00:00:06Z"}
{"auction":3,"price":7,"ts":"2024-01-01T00:00:09Z"}
{"auction":3,"price":7,"ts":"2024-01-01T00:00:09.5Z"}

{"auction":2,"price":40,"ts":"2024-01-01T00:00:11Z"}
{"auction":2,"price":41,"ts":"2024-01-01T00:00:14Z"}
{"auction":1,"price":42,"ts":"2024-01-01T00:00:15Z"}
{"auction":1,"price":1,"ts":"2024-01-01T00:00:31Z"}
*/

/* output dearest
{"auction":1,"price":1,"window_start":"2024-01-01T00:00:25Z"}
{"auction":1,"price":1,"window_start":"2024-01-01T00:00:30Z"}
{"auction":1,"price":30,"window_start":"2023-12-31T23:59:55Z"}
{"auction":1,"price":30,"window_start":"2024-01-01T00:00:00Z"}
{"auction":1,"price":42,"window_start":"2024-01-01T00:00:10Z"}
{"auction":1,"price":42,"window_start":"2024-01-01T00:00:15Z"}
{"auction":2,"price":41,"window_start":"2024-01-01T00:00:05Z"}
{"auction":2,"price":41,"window_start":"2024-01-01T00:00:10Z"}
{"auction":2,"price":5,"window_start":"2024-01-01T00:00:00Z"}
{"auction":3,"price":7,"window_start":"2024-01-01T00:00:00Z"}
{"auction":3,"price":7,"window_start":"2024-01-01T00:00:00Z"}
{"auction":3,"price":7,"window_start":"2024-01-01T00:00:05Z"}
{"auction":3,"price":7,"window_start":"2024-01-01T00:00:05Z"}
*/

/* output hottest
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","auction":1,"n":2,"place":1}
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","auction":3,"n":2,"place":2}
{"window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:20Z","auction":1,"n":1,"place":2}
{"window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:20Z","auction":2,"n":2,"place":1}
{"window_start":"2024-01-01T00:00:30Z","window_end":"2024-01-01T00:00:40Z","auction":1,"n":1,"place":1}
*/

/* output top_of_struct
{"since":"2024-01-01T00:00:00Z","auction":3,"n":2}
{"since":"2024-01-01T00:00:10Z","auction":2,"n":2}
{"since":"2024-01-01T00:00:30Z","auction":1,"n":1}
*/
