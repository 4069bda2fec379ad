CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE copies (id BIGINT PRIMARY KEY, owner TEXT) WITH (connector = 'changelog', changes = 'upsert');
INSERT INTO copies (owner) SELECT owner FROM accounts;
