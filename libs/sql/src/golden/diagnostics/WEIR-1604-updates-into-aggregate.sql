CREATE TABLE bids (auction BIGINT NOT NULL, price BIGINT) WITH (connector = 'kafka', topic = 'bids', format = 'json', type = 'source');
CREATE TABLE r WITH (connector = 'blackhole');
INSERT INTO r SELECT max(n) FROM (SELECT auction, count(*) AS n FROM bids GROUP BY auction);
