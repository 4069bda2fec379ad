-- Outer joins by time: a row that matches none comes out once nothing can match it any more; NULL keys match nothing.
CREATE TABLE orders (id BIGINT, item TEXT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE shipments (order_id BIGINT, city TEXT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE lefts WITH (connector = 'world', format = 'json');
INSERT INTO lefts SELECT o.id, o.item, s.city FROM orders o LEFT JOIN shipments s ON o.id = s.order_id AND s.ts BETWEEN o.ts AND o.ts + INTERVAL '10' SECOND;
CREATE TABLE rights WITH (connector = 'world', format = 'json');
INSERT INTO rights SELECT o.item, s.order_id, s.city FROM orders o RIGHT JOIN shipments s ON o.id = s.order_id AND s.ts BETWEEN o.ts AND o.ts + INTERVAL '10' SECOND;
CREATE TABLE fulls WITH (connector = 'world', format = 'json');
INSERT INTO fulls SELECT o.id, o.item, s.order_id, s.city FROM orders o FULL OUTER JOIN shipments s ON o.id = s.order_id AND s.ts BETWEEN o.ts AND o.ts + INTERVAL '10' SECOND AND s.city <> 'X';
CREATE TABLE semis WITH (connector = 'world', format = 'json');
INSERT INTO semis SELECT * FROM orders o LEFT SEMI JOIN shipments s ON o.id = s.order_id AND s.ts BETWEEN o.ts AND o.ts + INTERVAL '10' SECOND;
CREATE TABLE antis WITH (connector = 'world', format = 'json');
INSERT INTO antis SELECT * FROM orders o LEFT ANTI JOIN shipments s ON o.id = s.order_id AND s.ts BETWEEN o.ts AND o.ts + INTERVAL '10' SECOND;

/* input orders
{"id":1,"item":"a","ts":"2024-01-01T00:00:00Z"}
{"id":2,"item":"b","ts":"2024-01-01T00:00:01Z"}
{"id":3,"item":"c","ts":"2024-01-01T00:00:02Z"}
{"id":null,"item":"d","ts":"2024-01-01T00:00:03Z"}

{"id":1,"item":"e","ts":"2024-01-01T00:00:05Z"}
{"id":5,"item":"f","ts":"2024-01-01T00:01:00Z"}
*/

/* input shipments
{"order_id":1,"city":"A","ts":"2024-01-01T00:00:05Z"}
{"order_id":1,"city":"B","ts":"2024-01-01T00:00:08Z"}
{"order_id":2,"city":"X","ts":"2024-01-01T00:00:09Z"}
{"order_id":null,"city":"C","ts":"2024-01-01T00:00:10Z"}

{"order_id":3,"city":"D","ts":"2024-01-01T00:00:30Z"}
{"order_id":9,"city":null,"ts":"2024-01-01T00:01:00Z"}
*/

/* output antis
{"id":3,"item":"c","ts":"2024-01-01T00:00:02Z"}
{"id":5,"item":"f","ts":"2024-01-01T00:01:00Z"}
{"id":null,"item":"d","ts":"2024-01-01T00:00:03Z"}
*/

/* output fulls
{"id":1,"item":"a","order_id":1,"city":"A"}
{"id":1,"item":"a","order_id":1,"city":"B"}
{"id":1,"item":"e","order_id":1,"city":"A"}
{"id":1,"item":"e","order_id":1,"city":"B"}
{"id":2,"item":"b","order_id":null,"city":null}
{"id":3,"item":"c","order_id":null,"city":null}
{"id":5,"item":"f","order_id":null,"city":null}
{"id":null,"item":"d","order_id":null,"city":null}
{"id":null,"item":null,"order_id":2,"city":"X"}
{"id":null,"item":null,"order_id":3,"city":"D"}
{"id":null,"item":null,"order_id":9,"city":null}
{"id":null,"item":null,"order_id":null,"city":"C"}
*/

/* output lefts
{"id":1,"item":"a","city":"A"}
{"id":1,"item":"a","city":"B"}
{"id":1,"item":"e","city":"A"}
{"id":1,"item":"e","city":"B"}
{"id":2,"item":"b","city":"X"}
{"id":3,"item":"c","city":null}
{"id":5,"item":"f","city":null}
{"id":null,"item":"d","city":null}
*/

/* output rights
{"item":"a","order_id":1,"city":"A"}
{"item":"a","order_id":1,"city":"B"}
{"item":"b","order_id":2,"city":"X"}
{"item":"e","order_id":1,"city":"A"}
{"item":"e","order_id":1,"city":"B"}
{"item":null,"order_id":3,"city":"D"}
{"item":null,"order_id":9,"city":null}
{"item":null,"order_id":null,"city":"C"}
*/

/* output semis
{"id":1,"item":"a","ts":"2024-01-01T00:00:00Z"}
{"id":1,"item":"e","ts":"2024-01-01T00:00:05Z"}
{"id":2,"item":"b","ts":"2024-01-01T00:00:01Z"}
*/
