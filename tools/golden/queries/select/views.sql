-- Views, one over another, each read twice: what they share runs once.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE high WITH (connector = 'world', format = 'json');
CREATE TABLE low WITH (connector = 'world', format = 'json');
CREATE VIEW priced AS SELECT id, price FROM orders WHERE price IS NOT NULL;
CREATE VIEW doubled (number, twice) AS SELECT id, price * 2 FROM priced;
INSERT INTO high SELECT number, twice FROM doubled WHERE twice > 20;
INSERT INTO low SELECT number, twice, p FROM (SELECT number, twice, twice / 2 AS p FROM doubled) AS d WHERE NOT twice > 20;

/* input orders
{"id":1,"price":10}
{"id":2,"price":11}
{"id":3}
{"id":4,"price":0}
{"id":5,"price":500}
*/

/* output high
{"number":2,"twice":22}
{"number":5,"twice":1000}
*/

/* output low
{"number":1,"twice":20,"p":10}
{"number":4,"twice":0,"p":0}
*/
