-- Records that can't be read go to a topic of their own, in the source's stage. Both queries share the source and so the sink.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT)
  WITH (connector = 'kafka', bootstrap_servers = 'a:9092', topic = 'orders', format = 'json', 'auth.password' = 'secret',
        bad_data = 'dead_letter', dead_letter.topic = 'orders-bad');
CREATE TABLE cheap (id BIGINT) WITH (connector = 'blackhole');
CREATE TABLE dear (id BIGINT) WITH (connector = 'blackhole');
INSERT INTO cheap SELECT id FROM orders WHERE price < 10;
INSERT INTO dear SELECT id FROM orders WHERE price >= 10;
