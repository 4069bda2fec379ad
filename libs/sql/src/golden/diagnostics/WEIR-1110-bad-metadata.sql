-- with bids
CREATE TABLE t (o BIGINT METADATA FROM 'ofset', p TEXT METADATA FROM 'partition', q SMALLINT METADATA FROM 'offset') WITH (connector = 'kafka', topic = 't');
SELECT o FROM t;
