-- with bids
CREATE TABLE t (a BIGINT) WITH (connector = 'kafak', topic = 't');
INSERT INTO t SELECT auction FROM bids;
