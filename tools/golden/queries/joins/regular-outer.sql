-- Outer joins for all time: a padded row goes when the first match comes; aggregates over them take it back. Tables without a key hold what stands in the end.
CREATE TABLE orders (id BIGINT, item TEXT, customer BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE payments (order_id BIGINT, amount BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE lefts WITH (connector = 'world', format = 'debezium_json');
INSERT INTO lefts SELECT o.id, o.item, p.amount FROM orders o LEFT JOIN payments p ON o.id = p.order_id;
CREATE TABLE rights WITH (connector = 'world', format = 'debezium_json');
INSERT INTO rights SELECT o.item, p.order_id, p.amount FROM orders o RIGHT JOIN payments p ON o.id = p.order_id AND p.amount > 10;
CREATE TABLE fulls WITH (connector = 'world', format = 'debezium_json');
INSERT INTO fulls SELECT o.id, o.item, p.order_id, p.amount FROM orders o FULL JOIN payments p ON o.id = p.order_id;
CREATE TABLE antis WITH (connector = 'world', format = 'debezium_json');
INSERT INTO antis SELECT * FROM orders o LEFT ANTI JOIN payments p ON o.id = p.order_id;
CREATE TABLE totals (customer BIGINT, unpaid BIGINT, paid BIGINT, PRIMARY KEY (customer)) WITH (connector = 'world', format = 'json');
INSERT INTO totals SELECT o.customer, count(*) - count(p.amount), sum(p.amount) FROM orders o LEFT JOIN payments p ON o.id = p.order_id GROUP BY o.customer;
CREATE TABLE of_totals WITH (connector = 'world', format = 'debezium_json');
INSERT INTO of_totals SELECT t.customer, t.n, c.item FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer) AS t JOIN orders c ON t.customer = c.customer;

/* input orders
{"id":1,"item":"a","customer":1}
{"id":2,"item":"b","customer":1}
{"id":3,"item":"c","customer":2}
{"id":null,"item":"d","customer":2}

{"id":4,"item":"e","customer":1}
{"id":4,"item":"e","customer":1}
*/

/* input payments
{"order_id":1,"amount":5}
{"order_id":1,"amount":50}

{"order_id":2,"amount":20}
{"order_id":9,"amount":30}
{"order_id":4,"amount":40}
{"order_id":null,"amount":60}
*/

/* output antis
{"id":3,"item":"c","customer":2}
{"id":null,"item":"d","customer":2}
*/

/* output fulls
{"id":1,"item":"a","order_id":1,"amount":50}
{"id":1,"item":"a","order_id":1,"amount":5}
{"id":2,"item":"b","order_id":2,"amount":20}
{"id":3,"item":"c","order_id":null,"amount":null}
{"id":4,"item":"e","order_id":4,"amount":40}
{"id":4,"item":"e","order_id":4,"amount":40}
{"id":null,"item":"d","order_id":null,"amount":null}
{"id":null,"item":null,"order_id":9,"amount":30}
{"id":null,"item":null,"order_id":null,"amount":60}
*/

/* output lefts
{"id":1,"item":"a","amount":50}
{"id":1,"item":"a","amount":5}
{"id":2,"item":"b","amount":20}
{"id":3,"item":"c","amount":null}
{"id":4,"item":"e","amount":40}
{"id":4,"item":"e","amount":40}
{"id":null,"item":"d","amount":null}
*/

/* output of_totals
{"customer":1,"n":4,"item":"a"}
{"customer":1,"n":4,"item":"b"}
{"customer":1,"n":4,"item":"e"}
{"customer":1,"n":4,"item":"e"}
{"customer":2,"n":2,"item":"c"}
{"customer":2,"n":2,"item":"d"}
*/

/* output rights
{"item":"a","order_id":1,"amount":50}
{"item":"b","order_id":2,"amount":20}
{"item":"e","order_id":4,"amount":40}
{"item":"e","order_id":4,"amount":40}
{"item":null,"order_id":1,"amount":5}
{"item":null,"order_id":9,"amount":30}
{"item":null,"order_id":null,"amount":60}
*/

/* output totals
{"customer":1,"unpaid":0,"paid":155}
{"customer":2,"unpaid":2,"paid":null}
*/
