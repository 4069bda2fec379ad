-- Columns in another order, expressions, aliases.
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results (item TEXT, twice BIGINT, id BIGINT NOT NULL) WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT upper(item), price * 2 AS twice, id FROM orders;

/* input orders
{"id":1,"item":"nail","price":3}
{"id":2,"item":"saw","price":200}
{"item":"glue","price":null,"id":3}
{"id":4,"price":5}
{"id":5,"item":"ähre","price":-7}
{"id":6,"item":"","price":0}
*/

/* output results
{"item":"","twice":0,"id":6}
{"item":"GLUE","twice":null,"id":3}
{"item":"NAIL","twice":6,"id":1}
{"item":"SAW","twice":400,"id":2}
{"item":"ÄHRE","twice":-14,"id":5}
{"item":null,"twice":10,"id":4}
*/
