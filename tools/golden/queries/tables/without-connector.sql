-- A table without a connector: what is inserted is what is read.
CREATE TABLE v (id BIGINT NOT NULL, price BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE between_us (id BIGINT, price DOUBLE);
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO between_us SELECT id, price FROM v WHERE price > 1;
INSERT INTO between_us SELECT -id, 0.5 FROM v;
INSERT INTO results SELECT id, price * 2 AS twice FROM between_us;

/* input v
{"id":1,"price":1}
{"id":2,"price":2}
{"id":3}
{"id":4,"price":4}
*/

/* output results
{"id":-1,"twice":1}
{"id":-2,"twice":1}
{"id":-3,"twice":1}
{"id":-4,"twice":1}
{"id":2,"twice":4}
{"id":4,"twice":8}
*/
