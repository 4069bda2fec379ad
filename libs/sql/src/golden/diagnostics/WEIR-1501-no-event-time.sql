-- with bids
SELECT count(*) FROM plain GROUP BY tumble(INTERVAL '1 minute');
SELECT count(*) FROM TABLE(TUMBLE(TABLE plain, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start;
