-- with bids
SELECT count(*) FROM bids GROUP BY tumble(60);
SELECT count(*) FROM bids GROUP BY tumble(INTERVAL '1 month');
SELECT count(*) FROM bids GROUP BY hop(INTERVAL '1 minute', INTERVAL '10 seconds');
SELECT count(*) FROM bids GROUP BY hop(INTERVAL '1 minute');
SELECT count(*) FROM bids GROUP BY tumble(INTERVAL '1 minute'), tumble(INTERVAL '2 minutes');
SELECT tumble(INTERVAL '2 minutes') FROM bids GROUP BY tumble(INTERVAL '1 minute');
SELECT count(*) FROM TABLE(TUMBLE(TABLE bids, INTERVAL '1' MINUTE)) GROUP BY window_start;
