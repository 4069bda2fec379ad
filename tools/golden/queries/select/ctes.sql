-- WITH: one query builds on another; a name in WITH hides a table of the text.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
WITH dear AS (SELECT id, price FROM orders WHERE price >= 10), tagged (id, label) AS (SELECT id, 'dear ' || price FROM dear), other AS (SELECT id, 'cheap' AS label FROM orders WHERE price < 10)
SELECT * FROM tagged UNION ALL SELECT * FROM other;

/* input orders
{"id":1,"price":9}
{"id":2,"price":10}
{"id":3}
{"id":4,"price":99}
{"id":5,"price":-9}
*/

/* output results
{"id":1,"label":"cheap"}
{"id":2,"label":"dear 10"}
{"id":4,"label":"dear 99"}
{"id":5,"label":"cheap"}
*/
