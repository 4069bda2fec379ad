-- with bids
CREATE TABLE t (a BIGINT) WITH (connector = 'kafka', topic = 't', topic = 'u');
SELECT a FROM t;
