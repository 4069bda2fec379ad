-- with bids
CREATE VIEW counts AS SELECT auction, hop(INTERVAL '2 seconds', INTERVAL '5 seconds') AS w, count(*) AS n FROM bids GROUP BY 1, 2;
CREATE VIEW windowed AS SELECT auction, window_start, window_end, count(*) AS n
  FROM TABLE(HOP(TABLE bids, DESCRIPTOR(datetime), INTERVAL '2' SECOND, INTERVAL '5' SECOND)) GROUP BY auction, window_start, window_end;
INSERT INTO any_out SELECT max(n) AS most, window_start, window_end FROM windowed GROUP BY window_start, window_end;
INSERT INTO any_out2 SELECT tumble(INTERVAL '1 minute') AS minute, sum(n) AS bids FROM counts GROUP BY 1;
