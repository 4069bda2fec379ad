-- stops: WEIR-2303
-- A DOUBLE beyond the range of FLOAT stops the pipeline; it doesn't become Infinity.
CREATE TABLE v (id BIGINT NOT NULL, d DOUBLE) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, d::FLOAT AS x FROM v;

/* input v
{"id":1,"d":1}
{"id":2,"d":1e39}
*/
