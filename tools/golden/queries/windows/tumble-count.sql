-- primary-key: results(item, start)
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results (item TEXT, "start" TIMESTAMP, orders BIGINT, total BIGINT) WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT item, w.start, n, total FROM (
  SELECT item, tumble(INTERVAL '10 seconds') AS w, count(*) AS n, sum(id) AS total FROM orders GROUP BY 1, 2
) AS x;

/* input orders
{"id":1,"item":"a","ts":"2024-01-01T00:00:01Z"}
{"id":2,"item":"a","ts":"2024-01-01T00:00:02Z"}
{"id":3,"item":"b","ts":"2024-01-01T00:00:03Z"}
{"id":4,"item":"a","ts":"2024-01-01T00:00:09.999999Z"}
{"id":5,"item":"a","ts":"2024-01-01T00:00:10Z"}
{"id":6,"item":null,"ts":"2024-01-01T00:00:11Z"}
{"id":7,"item":"b","ts":"2024-01-01T00:00:12Z"}
{"id":8,"item":"b","ts":"2024-01-01T00:00:19Z"}
{"id":9,"item":"a","ts":"2024-01-01T00:00:31Z"}
{"id":10,"item":"a","ts":"2024-01-01T00:00:32Z"}
*/

/* output results
{"item":"a","start":"2024-01-01T00:00:00Z","orders":3,"total":7}
{"item":"a","start":"2024-01-01T00:00:10Z","orders":1,"total":5}
{"item":"a","start":"2024-01-01T00:00:30Z","orders":2,"total":19}
{"item":"b","start":"2024-01-01T00:00:00Z","orders":1,"total":3}
{"item":"b","start":"2024-01-01T00:00:10Z","orders":2,"total":15}
{"item":null,"start":"2024-01-01T00:00:10Z","orders":1,"total":6}
*/
