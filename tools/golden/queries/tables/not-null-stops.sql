-- stops: WEIR-3201
-- A NOT NULL column without a value is a record that can't be read.
CREATE TABLE v (id BIGINT NOT NULL, n INT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, n FROM v;

/* input v
{"id":1,"n":1}
{"n":2}
*/
