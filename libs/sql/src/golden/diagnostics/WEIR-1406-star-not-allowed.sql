-- with bids
SELECT upper(*) FROM bids;
SELECT *, count(*) FROM bids GROUP BY auction, tumble(INTERVAL '1 minute');
