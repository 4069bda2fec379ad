-- stops: WEIR-2330
-- A NULL for a NOT NULL column of a sink is an error, never written.
CREATE TABLE v (id BIGINT NOT NULL, n INT) WITH (connector = 'world', format = 'json');
CREATE TABLE results (id BIGINT NOT NULL, n INT NOT NULL) WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, n FROM v;

/* input v
{"id":1,"n":1}
{"id":2}
*/
