-- Derived tables in derived tables, with column aliases.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT, item TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT q.key, q.total + 1 AS total FROM (
  SELECT key, price * 10 AS total FROM (SELECT id, price, upper(item) FROM orders WHERE price IS NOT NULL) AS inner_one (number, price, key) WHERE number <> 2
) AS q WHERE q.total > 20;

/* input orders
{"id":1,"price":3,"item":"a"}
{"id":2,"price":30,"item":"b"}
{"id":3,"price":2,"item":"c"}
{"id":4,"item":"d"}
{"id":5,"price":5}
*/

/* output results
{"key":"A","total":31}
{"key":null,"total":51}
*/
