-- OVER by event time: rows come out when the watermark is above them; running sums, frames of rows and of time, LAG with a default, row numbers.
CREATE TABLE bids (auction BIGINT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT auction, price, ts,
  sum(price) OVER (PARTITION BY auction ORDER BY ts) AS running,
  count(*) OVER (PARTITION BY auction ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS n,
  avg(price) OVER (PARTITION BY auction ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS mean,
  max(price) OVER (PARTITION BY auction ORDER BY ts RANGE BETWEEN INTERVAL '3' SECOND PRECEDING AND CURRENT ROW) AS most,
  LAG(price) OVER (PARTITION BY auction ORDER BY ts) AS before,
  LAG(price, 2, -1) OVER (PARTITION BY auction ORDER BY ts) AS before2,
  ROW_NUMBER() OVER (PARTITION BY auction ORDER BY ts) AS place
FROM bids;
CREATE TABLE of_all WITH (connector = 'world', format = 'json');
INSERT INTO of_all SELECT price, min(price) OVER (ORDER BY ts) AS least FROM bids WHERE price IS NOT NULL;

/* input bids
{"auction":1,"price":10,"ts":"2024-01-01T00:00:00Z"}
{"auction":1,"price":30,"ts":"2024-01-01T00:00:02Z"}
{"auction":1,"price":20,"ts":"2024-01-01T00:00:01.5Z"}
{"auction":2,"price":5,"ts":"2024-01-01T00:00:02.5Z"}
{"auction":1,"price":null,"ts":"2024-01-01T00:00:04Z"}

{"auction":1,"price":7,"ts":"2024-01-01T00:00:05Z"}
{"auction":2,"price":1,"ts":"2024-01-01T00:00:06Z"}
{"auction":1,"price":9,"ts":"2024-01-01T00:00:08Z"}
*/

/* output of_all
{"price":1,"least":1}
{"price":10,"least":10}
{"price":20,"least":10}
{"price":30,"least":10}
{"price":5,"least":5}
{"price":7,"least":5}
{"price":9,"least":1}
*/

/* output results
{"auction":1,"price":10,"ts":"2024-01-01T00:00:00Z","running":10,"n":1,"mean":10,"most":10,"before":null,"before2":-1,"place":1}
{"auction":1,"price":20,"ts":"2024-01-01T00:00:01.500Z","running":30,"n":2,"mean":15,"most":20,"before":10,"before2":-1,"place":2}
{"auction":1,"price":30,"ts":"2024-01-01T00:00:02Z","running":60,"n":3,"mean":25,"most":30,"before":20,"before2":10,"place":3}
{"auction":1,"price":7,"ts":"2024-01-01T00:00:05Z","running":67,"n":5,"mean":7,"most":30,"before":null,"before2":30,"place":5}
{"auction":1,"price":9,"ts":"2024-01-01T00:00:08Z","running":76,"n":6,"mean":8,"most":9,"before":7,"before2":null,"place":6}
{"auction":1,"price":null,"ts":"2024-01-01T00:00:04Z","running":60,"n":4,"mean":30,"most":30,"before":30,"before2":20,"place":4}
{"auction":2,"price":1,"ts":"2024-01-01T00:00:06Z","running":6,"n":2,"mean":3,"most":1,"before":5,"before2":-1,"place":2}
{"auction":2,"price":5,"ts":"2024-01-01T00:00:02.500Z","running":5,"n":1,"mean":5,"most":5,"before":null,"before2":-1,"place":1}
*/
