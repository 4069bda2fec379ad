-- with bids
SET parallelism = 2;
SET checkpoint_interval = '200ms';
SET key_groups = 64;
EXPLAIN SELECT auction FROM bids WHERE price > 5;
