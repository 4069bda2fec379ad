-- with bids
CREATE TABLE t (a BIGINT) WITH (topic = 't');
