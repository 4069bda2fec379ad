-- NULL in a condition drops the row, and NOT of it too.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE cheap (id BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE dear (id BIGINT) WITH (connector = 'world', format = 'json');
INSERT INTO cheap SELECT id FROM orders WHERE price < 10;
INSERT INTO dear SELECT id FROM orders WHERE NOT (price < 10);

/* input orders
{"id":1,"price":9}
{"id":2,"price":10}
{"id":3,"price":null}
{"id":4}
{"id":5,"price":-1}
{"id":6,"price":9007199254740993}
*/

/* output cheap
{"id":1}
{"id":5}
*/

/* output dear
{"id":2}
{"id":6}
*/
