-- A join of windows.
-- refused: WEIR-1901 at 16:169
CREATE TABLE nexmark (
  event_type INT NOT NULL,
  person STRUCT<id BIGINT, name TEXT, email_address TEXT, credit_card TEXT, city TEXT, state TEXT, datetime TIMESTAMP(3), extra TEXT>,
  auction STRUCT<id BIGINT, item_name TEXT, description TEXT, initial_bid BIGINT, reserve BIGINT, datetime TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra TEXT>,
  bid STRUCT<auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, datetime TIMESTAMP(3), extra TEXT>,
  datetime TIMESTAMP(3) NOT NULL,
  WATERMARK FOR datetime AS datetime - INTERVAL '4' SECOND
) WITH (connector = 'world', format = 'json');
CREATE VIEW bid AS SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, datetime, bid.extra FROM nexmark WHERE event_type = 2;
CREATE VIEW person AS SELECT person.id, person.name, person.city, person.state, datetime FROM nexmark WHERE event_type = 0;
CREATE VIEW auction AS SELECT auction.id, auction.seller, auction.category, auction.expires, datetime FROM nexmark WHERE event_type = 1;
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT p.id FROM (SELECT id, window_start FROM TABLE(TUMBLE(TABLE person, DESCRIPTOR(datetime), INTERVAL '10' SECOND)) GROUP BY id, window_start, window_end) AS p JOIN (SELECT seller, window_start FROM TABLE(TUMBLE(TABLE auction, DESCRIPTOR(datetime), INTERVAL '10' SECOND)) GROUP BY seller, window_start, window_end) AS a ON p.id = a.seller AND p.window_start = a.window_start;
