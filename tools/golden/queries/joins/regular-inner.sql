-- A join for all time of rows that only grow gives inserts: equi keys of two types, a condition beside them, keys that are NULL or compared NULL-safe.
CREATE TABLE people (id BIGINT, name TEXT, state TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE auctions (id INT, seller INT, category BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT p.name, p.state, a.id FROM auctions AS a INNER JOIN people AS p ON a.seller = p.id WHERE a.category = 10 AND (p.state = 'OR' OR p.state = 'ID');
CREATE TABLE with_condition WITH (connector = 'world', format = 'json');
INSERT INTO with_condition SELECT a.id, p.id AS person FROM auctions a JOIN people p ON a.seller = p.id AND a.category > p.id;
CREATE TABLE null_safe WITH (connector = 'world', format = 'json');
INSERT INTO null_safe SELECT a.id, p.name FROM auctions a, people p WHERE a.seller IS NOT DISTINCT FROM p.id;
CREATE TABLE semi WITH (connector = 'world', format = 'json');
INSERT INTO semi SELECT * FROM people p LEFT SEMI JOIN auctions a ON a.seller = p.id;
CREATE TABLE pairs WITH (connector = 'world', format = 'json');
INSERT INTO pairs SELECT a.id, p.name FROM auctions a CROSS JOIN people p WHERE p.state = 'ID';
CREATE TABLE twice WITH (connector = 'world', format = 'json');
INSERT INTO twice SELECT x.id, y.id AS other FROM auctions x JOIN auctions y USING (seller) WHERE x.id < y.id;

/* input people
{"id":1,"name":"A","state":"OR"}
{"id":2,"name":"B","state":"ID"}
{"id":3,"name":"C","state":"CA"}

{"id":null,"name":"N","state":"OR"}
{"id":1,"name":"A2","state":"ID"}
*/

/* input auctions
{"id":100,"seller":1,"category":10}
{"id":101,"seller":2,"category":1}

{"id":102,"seller":1,"category":11}
{"id":103,"seller":null,"category":10}
{"id":104,"seller":3,"category":10}
{"id":105,"seller":9,"category":10}
*/

/* output null_safe
{"id":100,"name":"A"}
{"id":100,"name":"A2"}
{"id":101,"name":"B"}
{"id":102,"name":"A"}
{"id":102,"name":"A2"}
{"id":103,"name":"N"}
{"id":104,"name":"C"}
*/

/* output pairs
{"id":100,"name":"A2"}
{"id":100,"name":"B"}
{"id":101,"name":"A2"}
{"id":101,"name":"B"}
{"id":102,"name":"A2"}
{"id":102,"name":"B"}
{"id":103,"name":"A2"}
{"id":103,"name":"B"}
{"id":104,"name":"A2"}
{"id":104,"name":"B"}
{"id":105,"name":"A2"}
{"id":105,"name":"B"}
*/

/* output results
{"name":"A","state":"OR","id":100}
{"name":"A2","state":"ID","id":100}
*/

/* output semi
{"id":1,"name":"A","state":"OR"}
{"id":1,"name":"A2","state":"ID"}
{"id":2,"name":"B","state":"ID"}
{"id":3,"name":"C","state":"CA"}
*/

/* output twice
{"id":100,"other":102}
*/

/* output with_condition
{"id":100,"person":1}
{"id":100,"person":1}
{"id":102,"person":1}
{"id":102,"person":1}
{"id":104,"person":3}
*/
