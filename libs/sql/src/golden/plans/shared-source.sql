-- with bids
INSERT INTO out SELECT auction, price FROM bids WHERE price > 100;
INSERT INTO any_out SELECT auction, bidder FROM bids WHERE price > 100;
INSERT INTO any_out2 SELECT channel, count(*) AS n FROM bids GROUP BY channel, tumble(INTERVAL '1 second');
