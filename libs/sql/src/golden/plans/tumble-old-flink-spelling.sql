-- with bids
INSERT INTO any_out SELECT auction, TUMBLE_START(datetime, INTERVAL '10' SECOND) AS s, TUMBLE_END(datetime, INTERVAL '10' SECOND) AS e, COUNT(*) AS num
FROM bids GROUP BY auction, TUMBLE(datetime, INTERVAL '10' SECOND);
