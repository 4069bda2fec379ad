CREATE TABLE prices (item BIGINT PRIMARY KEY, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts)
  WITH (connector = 'changelog', changes = 'upsert');
CREATE TABLE minutes WITH (connector = 'blackhole');
INSERT INTO minutes SELECT item, max(price) AS price FROM prices GROUP BY item, tumble(INTERVAL '1 minute');
