-- with bids
CREATE TABLE events (
  id BIGINT, millis BIGINT, ts AS to_timestamp_millis(millis), o BIGINT METADATA FROM 'offset', topic TEXT METADATA,
  label TEXT GENERATED ALWAYS AS ('e' || id) STORED, WATERMARK FOR ts AS ts - INTERVAL '1 second'
) WITH (connector = 'kafka', topic = 'events', format = 'json', idle_time = '5s');
CREATE TABLE keyed (k BYTEA METADATA FROM 'key', at TIMESTAMP METADATA FROM 'timestamp', n BIGINT, p INT METADATA FROM 'partition')
  WITH (connector = 'kafka', topic = 'keyed', format = 'json');
INSERT INTO keyed SELECT CAST(label AS BYTEA), max(ts), count(o) FROM events GROUP BY label, tumble(INTERVAL '1 minute');
