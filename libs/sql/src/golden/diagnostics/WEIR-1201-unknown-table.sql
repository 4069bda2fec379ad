-- with bids
SELECT auction FROM bidz;
INSERT INTO nowhere SELECT auction FROM bids;
SELECT t.* FROM bids;
