CREATE TABLE orders (id BIGINT) WITH (connector = 'kafka', bootstrap_servers = 'a:9092', topic = 'orders', format = 'json',
  bad_data = 'dead_letter', dead_letter.topic = 'bad');
CREATE TABLE bad (id BIGINT) WITH (connector = 'kafka', bootstrap_servers = 'a:9092', topic = 'bad', format = 'json');
CREATE TABLE elsewhere (id BIGINT) WITH (connector = 'kafka', bootstrap_servers = 'b:9092', topic = 'bad', format = 'json');
CREATE TABLE out (id BIGINT) WITH (connector = 'blackhole');
INSERT INTO out SELECT id FROM orders UNION ALL SELECT id FROM bad UNION ALL SELECT id FROM elsewhere;
