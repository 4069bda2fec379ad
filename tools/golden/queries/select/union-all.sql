-- Branches are brought to common types; names come from the first.
CREATE TABLE a (id INT NOT NULL, v BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE b (id BIGINT NOT NULL, v DECIMAL(5, 1), note TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT id, v, NULL AS note FROM a WHERE v > 0
UNION ALL SELECT id, v * 2, note FROM b
UNION ALL SELECT id + 100, NULL, 'again' FROM a;

/* input a
{"id":1,"v":10}
{"id":2,"v":-1}
{"id":3}
*/
/* input b
{"id":11,"v":1.5,"note":"x"}
{"id":12,"v":2}
{"id":13,"note":"z"}
{"id":14,"v":-3.5,"note":""}
*/

/* output results
{"id":1,"v":10.0,"note":null}
{"id":101,"v":null,"note":"again"}
{"id":102,"v":null,"note":"again"}
{"id":103,"v":null,"note":"again"}
{"id":11,"v":3.0,"note":"x"}
{"id":12,"v":4.0,"note":null}
{"id":13,"v":null,"note":"z"}
{"id":14,"v":-7.0,"note":""}
*/
