-- with bids
SELECT channel + 1 FROM bids WHERE price;
SELECT datetime + 5, channel = price, NOT price, -channel FROM bids;
SELECT CASE WHEN price > 5 THEN 'x' ELSE datetime END FROM bids;
SELECT count(*) FROM bids GROUP BY item, tumble(INTERVAL '1 minute');
