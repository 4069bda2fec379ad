-- with bids
SELECT auction, channel FROM bids UNION ALL SELECT a FROM plain;
SELECT auction FROM bids UNION ALL SELECT b FROM plain;
