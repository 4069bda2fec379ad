-- Without a PRIMARY KEY old rows must come whole.
-- stops: WEIR-3201
CREATE TABLE accounts (id BIGINT, n BIGINT) WITH (connector = 'world', format = 'debezium_json');
SELECT id FROM accounts;

/* input accounts partitions 1
{"before":null,"after":{"id":1,"n":50},"op":"c"}
{"before":null,"after":{"id":1,"n":51},"op":"u"}
*/
