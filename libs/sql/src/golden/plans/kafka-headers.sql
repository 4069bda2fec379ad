-- Headers of records are a list of pairs; they are read and written as metadata.
CREATE TABLE orders (
  id BIGINT NOT NULL,
  h STRUCT<key TEXT, value BYTEA>[] METADATA FROM 'headers'
) WITH (connector = 'kafka', bootstrap_servers = 'a:9092', topic = 'orders', format = 'json');
CREATE TABLE copies (
  id BIGINT NOT NULL,
  h STRUCT<key TEXT, value BYTEA>[] METADATA FROM 'headers'
) WITH (connector = 'kafka', bootstrap_servers = 'a:9092', topic = 'copies', format = 'json');
INSERT INTO copies SELECT id, h FROM orders;
