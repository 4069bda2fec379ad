-- INTERSECT and EXCEPT: distinct rows, NULL as NULL, columns of two types; of rows that only grow INTERSECT gives inserts.
CREATE TABLE a (x BIGINT, y TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE b (x INT, y TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE both_have WITH (connector = 'world', format = 'json');
INSERT INTO both_have SELECT x, y FROM a INTERSECT SELECT x, y FROM b;
CREATE TABLE only_a WITH (connector = 'world', format = 'debezium_json');
INSERT INTO only_a SELECT x, y FROM a EXCEPT SELECT x, y FROM b;

/* input a
{"x":1,"y":"a"}
{"x":1,"y":"a"}
{"x":2,"y":null}

{"x":null,"y":"c"}
{"x":3,"y":"d"}
{"x":3,"y":"d"}
*/

/* input b
{"x":2,"y":null}
{"x":null,"y":"c"}

{"x":1,"y":"b"}
{"x":2,"y":null}
*/

/* output both_have
{"x":2,"y":null}
{"x":null,"y":"c"}
*/

/* output only_a
{"x":1,"y":"a"}
{"x":3,"y":"d"}
*/
