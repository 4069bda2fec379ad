-- with bids
CREATE TABLE lines (x BIGINT) WITH (connector = 'single_file', path = 'x.json', type = 'source', format = 'json');
SELECT count(*) FROM lines GROUP BY tumble(INTERVAL '1 minute');
SELECT count(*) FROM TABLE(TUMBLE(TABLE plain, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start;
