-- with bids
SELECT * FROM out;
CREATE TABLE t (a BIGINT);
SELECT a FROM t;
