-- with bids
CREATE VIEW bids AS SELECT 1 AS a FROM plain;
SELECT auction FROM bids;
