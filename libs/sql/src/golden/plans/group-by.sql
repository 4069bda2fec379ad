CREATE TABLE bids (auction BIGINT NOT NULL, bidder BIGINT, price BIGINT) WITH (connector = 'kafka', topic = 'bids', format = 'json', type = 'source');
CREATE TABLE seen WITH (connector = 'blackhole');
CREATE TABLE changed WITH (connector = 'changelog', changes = 'retract');
CREATE TABLE counts (auction BIGINT, n BIGINT, bidders BIGINT, PRIMARY KEY (auction)) WITH (connector = 'changelog', changes = 'upsert');
SET updating_ttl = '2 hours';
INSERT INTO counts SELECT auction, count(*), count(DISTINCT bidder) FILTER (WHERE price > 5) FROM bids GROUP BY auction;
INSERT INTO seen SELECT DISTINCT bidder FROM bids UNION SELECT auction FROM bids;
INSERT INTO changed SELECT n, count(*) AS auctions, sum(total) AS total FROM (SELECT auction, count(*) AS n, sum(price) AS total FROM bids GROUP BY auction) GROUP BY n;
INSERT INTO changed SELECT auction, count(*) AS auctions, count(DISTINCT bidder) FILTER (WHERE price > 5) AS total FROM bids GROUP BY auction;
