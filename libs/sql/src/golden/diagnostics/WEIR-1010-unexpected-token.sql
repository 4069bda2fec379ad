-- with bids
SELECT auction, FROM bids;
SELECT auction FROM bids WHERE;
SELECT count( FROM bids;
INSERT any_out SELECT 1;
