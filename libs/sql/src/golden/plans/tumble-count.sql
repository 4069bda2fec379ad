-- with bids
INSERT INTO any_out SELECT auction, count(*) AS num, tumble(INTERVAL '10 seconds') AS w, w.start, w.end FROM bids GROUP BY auction, w;
