CREATE TABLE bids (auction BIGINT NOT NULL, price BIGINT) WITH (connector = 'kafka', topic = 'bids', format = 'json', type = 'source');
CREATE TABLE r WITH (connector = 'blackhole');
INSERT INTO r SELECT auction, n FROM (
  SELECT auction, n, ROW_NUMBER() OVER (ORDER BY n DESC) AS place FROM (SELECT auction, count(*) AS n FROM bids GROUP BY auction)
) WHERE place <= 3;
