-- with bids
CREATE TABLE t (a BIGINT) WITH (connector = 'kafka', topic = 't', 'source.ofset' = 'earliest');
CREATE TABLE u (a BIGINT) WITH (connector = 'kafka');
