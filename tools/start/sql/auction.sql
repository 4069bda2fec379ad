-- Bids of an auction house, as JSON in the topic 'bids'. Event time is the time of the bid; bids may come up to a second late.
CREATE TABLE bids (
  id BIGINT NOT NULL,
  auction BIGINT NOT NULL,
  bidder BIGINT NOT NULL,
  cents BIGINT NOT NULL,
  channel TEXT NOT NULL,
  bid_time TIMESTAMP(3) NOT NULL,
  WATERMARK FOR bid_time AS bid_time - INTERVAL '1 second'
) WITH (
  connector = 'kafka',
  bootstrap_servers = '{{ WEIR_KAFKA_BOOTSTRAP }}',
  topic = 'bids',
  type = 'source',
  format = 'json',
  'source.offset' = 'earliest'
);

CREATE TABLE big_bids (
  id BIGINT NOT NULL,
  auction BIGINT NOT NULL,
  euros DOUBLE NOT NULL,
  channel TEXT NOT NULL
) WITH (
  connector = 'kafka',
  bootstrap_servers = '{{ WEIR_KAFKA_BOOTSTRAP }}',
  topic = 'big-bids',
  type = 'sink',
  format = 'json'
);

CREATE TABLE auction_totals (
  window_start TIMESTAMP(3) NOT NULL,
  auction BIGINT NOT NULL,
  bids BIGINT NOT NULL,
  highest BIGINT
) WITH (
  connector = 'kafka',
  bootstrap_servers = '{{ WEIR_KAFKA_BOOTSTRAP }}',
  topic = 'auction-totals',
  type = 'sink',
  format = 'json'
);

-- Filter and projection: the bids of 100 euros and more.
INSERT INTO big_bids
SELECT id, auction, CAST(cents AS DOUBLE) / 100 AS euros, upper(channel) AS channel
FROM bids
WHERE cents >= 10000;

-- Windowed aggregate: bids and the highest of them, for each auction and every two seconds.
INSERT INTO auction_totals
SELECT window_start, auction, count(*) AS bids, max(cents) AS highest
FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(bid_time), INTERVAL '2' SECOND))
GROUP BY window_start, window_end, auction;
