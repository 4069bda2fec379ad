-- with bids
CREATE TABLE more WITH (connector = 'nexmark');
INSERT INTO any_out SELECT auction, count(*) AS n FROM (SELECT auction, datetime FROM bids UNION ALL SELECT auction, datetime FROM more) AS both
GROUP BY auction, tumble(INTERVAL '10 seconds');
