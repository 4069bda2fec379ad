-- Names are found in any case, quoted ones as they are; stars, qualified and not.
CREATE TABLE Orders (Id BIGINT NOT NULL, "Item Name" TEXT, "select" BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
CREATE TABLE stars WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT o.ID AS "Id of order", o."Item Name", "select" + 1 AS "select" FROM ORDERS AS o;
INSERT INTO stars SELECT orders.*, id AS again FROM orders;

/* input Orders
{"Id":1,"Item Name":"nail","select":1}
{"Id":2,"Item Name":null,"select":2}
{"Id":3,"select":3}
*/

/* output results
{"Id of order":1,"Item Name":"nail","select":2}
{"Id of order":2,"Item Name":null,"select":3}
{"Id of order":3,"Item Name":null,"select":4}
*/

/* output stars
{"Id":1,"Item Name":"nail","select":1,"again":1}
{"Id":2,"Item Name":null,"select":2,"again":2}
{"Id":3,"Item Name":null,"select":3,"again":3}
*/
