CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT, balance BIGINT)
  WITH (connector = 'changelog', changes = 'retract');
CREATE TABLE rich WITH (connector = 'kafka', topic = 'rich', format = 'json');
INSERT INTO rich SELECT id, balance FROM accounts WHERE balance > 1000000;
SELECT owner FROM accounts;
