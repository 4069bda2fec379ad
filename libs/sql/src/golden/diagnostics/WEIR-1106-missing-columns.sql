-- with bids
CREATE TABLE t WITH (connector = 'kafka', topic = 't');
SELECT a FROM t;
CREATE TABLE u;
