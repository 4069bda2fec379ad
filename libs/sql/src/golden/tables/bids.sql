CREATE TABLE bids (
  auction BIGINT NOT NULL, bidder BIGINT NOT NULL, price BIGINT NOT NULL, channel TEXT, url TEXT,
  datetime TIMESTAMP(3) NOT NULL, extra TEXT, item STRUCT<name TEXT, weight DOUBLE>, j JSON,
  WATERMARK FOR datetime AS datetime - INTERVAL '4' SECOND
) WITH (connector = 'kafka', type = 'source', topic = 'bids', bootstrap_servers = 'kafka:9092', format = 'json');
CREATE TABLE plain (a BIGINT, b TEXT, ts TIMESTAMP) WITH (connector = 'single_file', path = 'in.json', format = 'json');
CREATE TABLE out (auction BIGINT NOT NULL, price DOUBLE) WITH (connector = 'kafka', type = 'sink', topic = 'out', bootstrap_servers = 'kafka:9092', format = 'json');
CREATE TABLE any_out WITH (connector = 'kafka', type = 'sink', topic = 'any', bootstrap_servers = 'kafka:9092', format = 'json');
CREATE TABLE any_out2 WITH (connector = 'kafka', type = 'sink', topic = 'any2', bootstrap_servers = 'kafka:9092', format = 'json');
CREATE TABLE any_out3 WITH (connector = 'kafka', type = 'sink', topic = 'any3', bootstrap_servers = 'kafka:9092', format = 'json');
