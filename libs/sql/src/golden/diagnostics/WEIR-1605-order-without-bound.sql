-- with bids
SELECT auction FROM bids ORDER BY price;
SELECT auction FROM bids LIMIT 5;
