-- Ordinals, aliases, expressions; a key that is not selected; aggregates within expressions.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
CREATE TABLE by_parity WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT upper(item) AS name, id % 2 AS parity, tumble(INTERVAL '30 seconds') AS w, CASE WHEN count(*) > 1 THEN 'many' ELSE 'one' END AS size
FROM orders GROUP BY name, 2, 3;
INSERT INTO by_parity SELECT count(*) * 10 AS tens, coalesce(sum(price), 0) AS total FROM orders GROUP BY tumble(INTERVAL '30 seconds'), id % 2, item IS NULL;

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

/* output by_parity
{"tens":10,"total":2}
{"tens":10,"total":3}
{"tens":10,"total":5}
{"tens":40,"total":9007199254741011}
{"tens":50,"total":9007199254741110}
*/

/* output results
{"name":"A","parity":0,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:30Z"},"size":"one"}
{"name":"A","parity":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:30Z"},"size":"many"}
{"name":"A","parity":1,"w":{"start":"2024-01-01T00:00:30Z","end":"2024-01-01T00:01:00Z"},"size":"one"}
{"name":"B","parity":0,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:30Z"},"size":"many"}
{"name":"B","parity":0,"w":{"start":"2024-01-01T00:00:30Z","end":"2024-01-01T00:01:00Z"},"size":"one"}
{"name":"B","parity":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:30Z"},"size":"one"}
{"name":"C","parity":0,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:30Z"},"size":"one"}
{"name":"C","parity":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:30Z"},"size":"one"}
{"name":null,"parity":0,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:30Z"},"size":"one"}
*/
