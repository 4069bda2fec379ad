-- with bids
SELECT auction FROM bids WHERE count(*) > 1;
SELECT sum(max(price)) FROM bids GROUP BY tumble(INTERVAL '1 minute');
