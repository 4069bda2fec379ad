-- with bids
CREATE VIEW v AS SELECT auction FROM bids;
SELECT price FROM bids;
