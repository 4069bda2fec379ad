-- with bids
INSERT INTO any_out SELECT auction, window_start, window_end, COUNT(*) AS num
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(datetime), INTERVAL '10' SECOND)) GROUP BY auction, window_start, window_end;
