-- OVER in windows: all rows of a window are known when it ends, so frames may go on behind the row, and LEAD is there.
CREATE TABLE bids (auction BIGINT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT auction, price, window_start,
  ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY price, auction) AS place,
  LEAD(price, 1, 0) OVER (PARTITION BY window_start, window_end ORDER BY price, auction) AS next,
  FIRST_VALUE(auction) OVER (PARTITION BY window_start, window_end ORDER BY price, auction) AS cheapest,
  sum(price) OVER (PARTITION BY window_start, window_end) AS total,
  sum(price) OVER (PARTITION BY window_start, window_end ORDER BY price, auction ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS two,
  RANK() OVER (PARTITION BY window_start, window_end ORDER BY price) AS r, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY price) > 0 AS numbered,
  DENSE_RANK() OVER (PARTITION BY window_start, auction ORDER BY price DESC) AS own
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND));

/* input bids
{"auction":1,"price":10,"ts":"2024-01-01T00:00:00Z"}
{"auction":1,"price":30,"ts":"2024-01-01T00:00:04Z"}
{"auction":2,"price":10,"ts":"2024-01-01T00:00:06Z"}

{"auction":3,"price":7,"ts":"2024-01-01T00:00:11Z"}
{"auction":3,"price":8,"ts":"2024-01-01T00:00:12Z"}
{"auction":1,"price":1,"ts":"2024-01-01T00:00:31Z"}
*/

/* output results
{"auction":1,"price":1,"window_start":"2024-01-01T00:00:30Z","place":1,"next":0,"cheapest":1,"total":1,"two":1,"r":1,"numbered":true,"own":1}
{"auction":1,"price":10,"window_start":"2024-01-01T00:00:00Z","place":1,"next":10,"cheapest":1,"total":50,"two":20,"r":1,"numbered":true,"own":2}
{"auction":1,"price":30,"window_start":"2024-01-01T00:00:00Z","place":3,"next":0,"cheapest":1,"total":50,"two":30,"r":3,"numbered":true,"own":1}
{"auction":2,"price":10,"window_start":"2024-01-01T00:00:00Z","place":2,"next":30,"cheapest":1,"total":50,"two":40,"r":1,"numbered":true,"own":1}
{"auction":3,"price":7,"window_start":"2024-01-01T00:00:10Z","place":1,"next":8,"cheapest":3,"total":15,"two":15,"r":1,"numbered":true,"own":2}
{"auction":3,"price":8,"window_start":"2024-01-01T00:00:10Z","place":2,"next":0,"cheapest":3,"total":15,"two":8,"r":2,"numbered":true,"own":1}
*/
