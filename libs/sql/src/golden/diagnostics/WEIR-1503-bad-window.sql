-- with bids
SELECT count(*) FROM bids GROUP BY tumble(60);
SELECT count(*) FROM bids GROUP BY tumble(INTERVAL '1 month');
SELECT count(*) FROM bids GROUP BY hop(INTERVAL '1 minute', INTERVAL '10 seconds');
SELECT count(*) FROM bids GROUP BY hop(INTERVAL '1 minute');
SELECT count(*) FROM bids GROUP BY tumble(INTERVAL '1 minute'), tumble(INTERVAL '2 minutes');
SELECT tumble(INTERVAL '2 minutes') FROM bids GROUP BY tumble(INTERVAL '1 minute');
SELECT count(*) FROM TABLE(TUMBLE(TABLE bids, INTERVAL '1' MINUTE)) GROUP BY window_start;
SELECT count(*) FROM bids GROUP BY hop(INTERVAL '1' SECOND, INTERVAL '365' DAY);
SELECT count(*) FROM TABLE(HOP(TABLE bids, DESCRIPTOR(datetime), INTERVAL '1' SECOND, INTERVAL '1' DAY)) GROUP BY window_start, window_end;
SELECT count(*) FROM bids GROUP BY tumble(INTERVAL '999 microseconds');
