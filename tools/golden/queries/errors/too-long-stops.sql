-- Fault 1.1.15: a value that is too long for its column is an error of its row.
-- stops: WEIR-2304
CREATE TABLE v (id BIGINT, s TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results (s VARCHAR(3)) WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT s FROM v;

/* input v
{"id":1,"s":"abcd"}
*/
