-- with bids
SELECT auction, price + bidder FROM bids GROUP BY auction, tumble(INTERVAL '1 minute') HAVING channel = 'x';
