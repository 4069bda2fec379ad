CREATE TABLE old (id BIGINT PRIMARY KEY, n BIGINT) WITH (connector = 'changelog', changes = 'retract');
CREATE TABLE new (id BIGINT PRIMARY KEY, n BIGINT) WITH (connector = 'changelog', changes = 'upsert');
INSERT INTO new SELECT id, n FROM old;
