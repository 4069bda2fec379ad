-- with bids
SELECT auction FROM bids WHERE channel = 'apple;
