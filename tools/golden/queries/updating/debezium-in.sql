-- A table that another database changes, told by Debezium with whole old rows: filters take back what they let pass, aggregates what they counted.
CREATE TABLE accounts (id BIGINT NOT NULL, owner TEXT, balance BIGINT) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE rich (id BIGINT, owner TEXT) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE owners (owner TEXT, accounts BIGINT, total BIGINT, most BIGINT, PRIMARY KEY (owner)) WITH (connector = 'world', format = 'json');
INSERT INTO rich SELECT id, owner FROM accounts WHERE balance > 100;
INSERT INTO owners SELECT coalesce(owner, '?'), count(*), sum(balance), max(balance) FROM accounts GROUP BY coalesce(owner, '?');

/* input accounts partitions 1
{"before":null,"after":{"id":1,"owner":"amy","balance":50},"op":"r","source":{"table":"accounts","lsn":7}}
{"schema":{"type":"struct"},"payload":{"before":null,"after":{"id":2,"owner":"bob","balance":500},"op":"c"}}
{"before":null,"after":{"id":3,"owner":"amy","balance":7},"source":{},"op":"c","ts_ms":5}
{"op":"u","before":{"id":1,"owner":"amy","balance":50},"after":{"id":1,"owner":"amy","balance":150}}

{"before":{"id":2,"owner":"bob","balance":500},"after":{"id":2,"owner":"b\u00f6b","balance":90},"op":"u"}
{"op":"m","message":{"prefix":"heartbeat"}}
{"before":null,"after":{"id":4,"owner":null,"balance":1000},"op":"c"}
{"before":{"id":1,"owner":"amy","balance":150},"after":null,"op":"d"}
{"before":null,"after":{"id":5,"owner":"bob","balance":101},"op":"c"}
*/

/* output owners
{"owner":"?","accounts":1,"total":1000,"most":1000}
{"owner":"amy","accounts":1,"total":7,"most":7}
{"owner":"bob","accounts":1,"total":101,"most":101}
{"owner":"böb","accounts":1,"total":90,"most":90}
*/

/* output rich
{"id":4,"owner":null}
{"id":5,"owner":"bob"}
*/
