-- D35: IN and EXISTS are semi joins, NOT EXISTS and NOT IN (of what is never NULL) anti joins; correlated by an equality and more; nested.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, customer BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE customers (id BIGINT NOT NULL, city TEXT, since BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE blocked (item TEXT, customer BIGINT NOT NULL) WITH (connector = 'world', format = 'json');
CREATE TABLE known WITH (connector = 'world', format = 'json');
INSERT INTO known SELECT id FROM orders WHERE customer IN (SELECT id FROM customers WHERE city = 'A') AND item <> 'z';
CREATE TABLE correlated WITH (connector = 'world', format = 'json');
INSERT INTO correlated SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.since < o.id);
CREATE TABLE by_any WITH (connector = 'world', format = 'debezium_json');
INSERT INTO by_any SELECT id FROM orders WHERE customer = ANY (SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT customer FROM blocked));
CREATE TABLE unknown WITH (connector = 'world', format = 'debezium_json');
INSERT INTO unknown SELECT id, item FROM orders o WHERE NOT EXISTS (SELECT * FROM customers WHERE id = o.customer);
CREATE TABLE allowed WITH (connector = 'world', format = 'debezium_json');
INSERT INTO allowed SELECT id FROM orders WHERE id NOT IN (SELECT customer FROM blocked WHERE blocked.item = orders.item);
CREATE TABLE of_groups WITH (connector = 'world', format = 'debezium_json');
INSERT INTO of_groups SELECT id FROM orders WHERE customer IN (SELECT customer FROM orders GROUP BY customer HAVING count(*) > 1);

/* input orders
{"id":1,"item":"a","customer":1}
{"id":2,"item":"b","customer":2}
{"id":3,"item":"c","customer":null}

{"id":4,"item":"z","customer":1}
{"id":5,"item":"a","customer":3}
{"id":6,"item":"a","customer":9}
*/

/* input customers
{"id":1,"city":"A","since":2}

{"id":2,"city":"B","since":1}
{"id":3,"city":"A","since":7}
{"id":1,"city":"A","since":9}
*/

/* input blocked
{"item":"a","customer":3}

{"item":"b","customer":2}
{"item":"a","customer":1}
*/

/* output allowed
{"id":3}
{"id":4}
{"id":5}
{"id":6}
*/

/* output by_any
*/

/* output correlated
{"id":2}
{"id":4}
*/

/* output known
{"id":1}
{"id":5}
*/

/* output of_groups
{"id":1}
{"id":4}
*/

/* output unknown
{"id":3,"item":"c"}
{"id":6,"item":"a"}
*/
