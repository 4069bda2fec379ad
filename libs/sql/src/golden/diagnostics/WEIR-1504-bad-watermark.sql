-- with bids
CREATE TABLE t (ts TIMESTAMP, WATERMARK FOR ts) WITH (connector = 'kafka', topic = 't', event_time_field = 'ts');
SELECT ts FROM t;
CREATE TABLE u (ts TIMESTAMP, WATERMARK FOR ts);
