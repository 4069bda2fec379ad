CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT, balance BIGINT)
  WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE owners (owner TEXT PRIMARY KEY, balance BIGINT) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE rich (id BIGINT PRIMARY KEY, balance BIGINT) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE journal (id BIGINT, balance BIGINT) WITH (connector = 'changelog', changes = 'retract');
-- Several accounts of one owner.
INSERT INTO owners SELECT owner, balance FROM accounts;
-- An account that is rich no more must go.
INSERT INTO rich SELECT id, balance FROM accounts WHERE balance > 1000000;
-- What an account had before.
INSERT INTO journal SELECT id, balance FROM accounts;
