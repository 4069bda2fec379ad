-- with bids
SELECT auction FROM bids WHERE datetime > 'yesterday' OR price = 'x';
SELECT DATE '2024-02-30' FROM bids;
