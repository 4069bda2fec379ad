CREATE TABLE accounts (id BIGINT, owner TEXT) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE copies WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE seen WITH (connector = 'blackhole');
CREATE TABLE plain (id BIGINT) WITH (connector = 'kafka', topic = 'plain', format = 'json');
INSERT INTO seen SELECT id FROM accounts;
INSERT INTO copies SELECT id FROM plain;
