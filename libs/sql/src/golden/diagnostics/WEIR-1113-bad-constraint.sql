-- with bids
CREATE TABLE t (a BIGINT, PRIMARY KEY (b)) WITH (connector = 'kafka', topic = 't');
SELECT a FROM t;
