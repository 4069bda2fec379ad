-- with bids
INSERT INTO out SELECT channel, datetime FROM bids;
CREATE TABLE t (a BIGINT, b INT GENERATED ALWAYS AS ('x' || a)) WITH (connector = 'kafka', topic = 't');
