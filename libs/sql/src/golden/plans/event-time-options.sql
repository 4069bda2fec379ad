-- with bids
CREATE TABLE events (id BIGINT, ts TIMESTAMP NOT NULL, wm TIMESTAMP GENERATED ALWAYS AS (ts - INTERVAL '1 minute'))
  WITH (connector = 'kafka', topic = 'events', format = 'json', event_time_field = 'ts', watermark_field = 'wm', idle_time = INTERVAL '5' SECOND);
SELECT count(*) FROM events GROUP BY tumble(INTERVAL '1 minute');
