-- with bids
CREATE TABLE t (a TIMESTAMP, WATERMARK FOR a, WATERMARK FOR a) WITH (connector = 'kafka');
