-- stops: WEIR-2301
-- A value that can't be computed stops the pipeline; it is never written wrongly.
CREATE TABLE v (id BIGINT NOT NULL, n BIGINT, t TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, n::INT AS x FROM v;

/* input v
{"id":1,"n":1,"t":"1"}
{"id":2,"n":9223372036854775807,"t":"one"}
*/
