-- with bids
SELECT auction FROM (SELECT auction, price AS auction FROM bids) AS d;
