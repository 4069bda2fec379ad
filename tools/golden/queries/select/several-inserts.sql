-- Three sinks of one source, which is read once.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT, item TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE a WITH (connector = 'world', format = 'json');
CREATE TABLE b (item TEXT, n BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE c WITH (connector = 'world', format = 'json');
INSERT INTO a SELECT id FROM orders;
INSERT INTO b SELECT item, price FROM orders WHERE price > 2;
INSERT INTO c SELECT id, price + id AS s FROM orders WHERE item = 'x';

/* input orders
{"id":1,"price":1,"item":"x"}
{"id":2,"price":2,"item":"y"}
{"id":3,"price":3,"item":"x"}
{"id":4,"price":4}
{"id":5,"item":"x"}
*/

/* output a
{"id":1}
{"id":2}
{"id":3}
{"id":4}
{"id":5}
*/

/* output b
{"item":"x","n":3}
{"item":null,"n":4}
*/

/* output c
{"id":1,"s":2}
{"id":3,"s":6}
{"id":5,"s":null}
*/
