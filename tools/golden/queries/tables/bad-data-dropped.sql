-- bad_data = 'drop' leaves out what can't be read.
CREATE TABLE v (id BIGINT NOT NULL, n INT) WITH (connector = 'world', format = 'json', bad_data = 'drop');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, n FROM v;

/* input v
{"id":1,"n":1}
{"id":2,"n":
not json
{"n":3}
{"id":null,"n":4}
{"id":5,"n":"five"}
{"id":6,"n":2147483648}
{"id":7,"n":7}
[8]
{"id":9} trailing
{"id":10.5}
{"id":11,"n":11}
*/

/* output results
{"id":1,"n":1}
{"id":11,"n":11}
{"id":7,"n":7}
*/
