-- with bids
SET paralelism = 2;
SET checkpoint_interval = 'often';
SET checkpoint_interval = '1ms';
SET parallelism = 0;
SET 'parallelism.default' = 2;
SELECT auction FROM bids;
