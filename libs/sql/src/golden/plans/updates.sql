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
