-- with bids
SELECT auction, count(*) FROM bids GROUP BY 3, tumble(INTERVAL '1 minute');
