-- with bids
CREATE TABLE t (a BIGIN, b DECIMAL(40, 2), c DATETIME) WITH (connector = 'blackhole');
SELECT CAST(price AS JSONB) FROM bids;
