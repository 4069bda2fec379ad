-- with bids
CREATE TABLE t (a BIGINT, a TEXT) WITH (connector = 'blackhole');
SELECT auction FROM bids;
