-- A join, and an average over all time.
-- refused: WEIR-1901 at 16:182
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
SELECT q.category, avg(q.final) FROM (SELECT max(b.price) AS final, a.category FROM auction a, bid b WHERE a.id = b.auction AND b.datetime BETWEEN a.datetime AND a.expires GROUP BY a.id, a.category) AS q GROUP BY q.category;
