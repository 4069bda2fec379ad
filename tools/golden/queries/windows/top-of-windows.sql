-- An aggregate over the windows of another: the highest count of each window.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT max(n) AS most, sum(n) AS all_of_them, window_start FROM (
  SELECT item, count(*) AS n, window_start, window_end FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '20' SECOND)) GROUP BY item, window_start, window_end
) AS counts GROUP BY window_start, window_end;

/* input orders
{"id":1,"item":"a","price":10,"ts":"2024-01-01T00:00:01Z"}
{"id":2,"item":"b","price":20,"ts":"2024-01-01T00:00:02Z"}
{"id":3,"item":"a","price":null,"ts":"2024-01-01T00:00:03Z"}
{"id":4,"item":null,"price":5,"ts":"2024-01-01T00:00:09.999999Z"}
{"id":5,"item":"a","price":7,"ts":"2024-01-01T00:00:10Z"}
{"id":6,"item":"b","price":-3,"ts":"2024-01-01T00:00:14.5Z"}
{"id":7,"item":"b","price":100,"ts":"2024-01-01T00:00:19Z"}
{"id":8,"item":"a","price":1,"ts":"2024-01-01T00:00:20Z"}
{"id":9,"item":"c","price":9007199254740993,"ts":"2024-01-01T00:00:25Z"}
{"id":10,"item":"c","price":9007199254740993,"ts":"2024-01-01T00:00:25Z"}
{"id":11,"item":"a","price":2,"ts":"2024-01-01T00:00:47Z"}
{"id":12,"item":"b","price":3,"ts":"2024-01-01T00:00:59.9Z"}
*/

/* output results
{"most":1,"all_of_them":2,"window_start":"2024-01-01T00:00:40Z"}
{"most":2,"all_of_them":3,"window_start":"2024-01-01T00:00:20Z"}
{"most":3,"all_of_them":7,"window_start":"2024-01-01T00:00:00Z"}
*/
