-- Rows that are updated: what comes, what is given.
CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT, balance BIGINT)
  WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE journal (id BIGINT PRIMARY KEY, owner TEXT, balance BIGINT)
  WITH (connector = 'changelog', changes = 'retract', topic = 'journal');
CREATE TABLE copies (balance BIGINT, id BIGINT PRIMARY KEY) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE rich (owner TEXT, id BIGINT) WITH (connector = 'changelog', changes = 'retract');
CREATE TABLE counted WITH (connector = 'blackhole');
-- The key stands elsewhere in the sink.
INSERT INTO copies SELECT balance + 1, id FROM accounts;
-- A filter takes back what it has let pass.
INSERT INTO rich SELECT owner, id FROM journal WHERE balance > 1000000;
-- A union knows no keys.
INSERT INTO counted SELECT owner FROM journal UNION ALL SELECT owner FROM journal WHERE balance < 0;
-- Rows that are never updated overwrite each other by the key of the table: in one subtask a key.
CREATE TABLE deposits (account BIGINT, amount BIGINT) WITH (connector = 'kafka', topic = 'deposits', format = 'json');
CREATE TABLE latest (account BIGINT PRIMARY KEY, amount BIGINT) WITH (connector = 'changelog', changes = 'upsert');
INSERT INTO latest SELECT account, amount FROM deposits;
