-- with bids
SELECT auction FROM bids; /* and so on
