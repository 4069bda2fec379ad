CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT, balance BIGINT)
  WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE bids (auction BIGINT, price BIGINT) WITH (connector = 'kafka', topic = 'bids', format = 'json', type = 'source');
CREATE TABLE owners (owner TEXT PRIMARY KEY, balance BIGINT) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE rich (id BIGINT PRIMARY KEY, balance BIGINT) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE journal (id BIGINT, balance BIGINT) WITH (connector = 'changelog', changes = 'retract');
CREATE TABLE big (auction BIGINT PRIMARY KEY, n BIGINT) WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE counts (auction BIGINT PRIMARY KEY, n BIGINT) WITH (connector = 'changelog', changes = 'upsert');
-- Several accounts of one owner: the last one stands.
INSERT INTO owners SELECT owner, balance FROM accounts;
-- An account that is rich no more must go.
INSERT INTO rich SELECT id, balance FROM accounts WHERE balance > 1000000;
-- What an account had before.
INSERT INTO journal SELECT id, balance FROM accounts;
-- HAVING must take back what it has let pass; behind it the old rows are of no use.
CREATE VIEW c AS SELECT auction, count(*) AS n FROM bids GROUP BY auction;
INSERT INTO big SELECT auction, n FROM c WHERE n > 5;
INSERT INTO counts SELECT auction, n FROM c;
