-- The rows of a bare SELECT go to the preview.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT) WITH (connector = 'world', format = 'json');
SELECT id, price + 1 AS next FROM orders WHERE id <> 2;

/* input orders
{"id":1,"price":1}
{"id":2,"price":2}
{"id":3}
*/

/* output preview
{"id":1,"next":2}
{"id":3,"next":null}
*/
