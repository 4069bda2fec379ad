-- with bids
CREATE TABLE t (a BIGINT, WATERMARK FOR a) WITH (connector = 'kafka', topic = 't');
SELECT a FROM t;
CREATE TABLE u (a BIGINT, ts TIMESTAMP) WITH (connector = 'kafka', topic = 'u', event_time_field = 'tss');
SELECT a FROM u;
SELECT count(*) FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(price), INTERVAL '1' MINUTE)) GROUP BY window_start;
