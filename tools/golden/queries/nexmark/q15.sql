-- Bidding statistics by day: counts and distinct counts, each under three filters; without a window.
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
CREATE TABLE results (`day` TEXT, total_bids BIGINT, rank1_bids BIGINT, rank2_bids BIGINT, rank3_bids BIGINT, total_bidders BIGINT, rank1_bidders BIGINT, rank2_bidders BIGINT, rank3_bidders BIGINT, total_auctions BIGINT, rank1_auctions BIGINT, rank2_auctions BIGINT, rank3_auctions BIGINT, PRIMARY KEY (`day`) NOT ENFORCED) WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT
  DATE_FORMAT(datetime, 'yyyy-MM-dd') AS `day`,
  count(*) AS total_bids,
  count(*) FILTER (WHERE price < 10000) AS rank1_bids,
  count(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_bids,
  count(*) FILTER (WHERE price >= 1000000) AS rank3_bids,
  count(distinct bidder) AS total_bidders,
  count(distinct bidder) FILTER (WHERE price < 10000) AS rank1_bidders,
  count(distinct bidder) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_bidders,
  count(distinct bidder) FILTER (WHERE price >= 1000000) AS rank3_bidders,
  count(distinct auction) AS total_auctions,
  count(distinct auction) FILTER (WHERE price < 10000) AS rank1_auctions,
  count(distinct auction) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_auctions,
  count(distinct auction) FILTER (WHERE price >= 1000000) AS rank3_auctions
FROM bid
GROUP BY DATE_FORMAT(datetime, 'yyyy-MM-dd');

/* input nexmark
{"event_type":0,"person":{"id":1000,"name":"P0","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"OR","datetime":"2015-07-15T08:00:00.000Z","extra":""},"datetime":"2015-07-15T08:00:00.000Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1001,"price":49999999,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee1/item.htm?query=1","datetime":"2015-07-15T08:00:01.287Z","extra":"ccab"},"datetime":"2015-07-15T08:00:01.287Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1000,"price":50000001,"channel":"Apple","url":"https://www.nexmark.com/abo/kee2/item.htm?query=1","datetime":"2015-07-15T08:00:02.574Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:02.574Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1002,"price":50000001,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee3/item.htm?query=1","datetime":"2015-07-15T08:00:03.861Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:03.861Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":950000,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee4/item.htm?query=1&channel_id=44","datetime":"2015-07-15T08:00:05.148Z","extra":""},"datetime":"2015-07-15T08:00:05.148Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1000,"price":49999999,"channel":"Google","url":"https://www.nexmark.com/abo/kee5/item.htm?query=1","datetime":"2015-07-15T08:00:06.435Z","extra":"ccab"},"datetime":"2015-07-15T08:00:06.435Z"}
{"event_type":1,"auction":{"id":6,"item_name":"it","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:07.522Z","expires":"2015-07-15T08:00:07.522Z","seller":1000,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:07.522Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1000,"price":950000,"channel":"Apple","url":"https://www.nexmark.com/abo/kee7/item.htm?query=1","datetime":"2015-07-15T08:00:08.809Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:08.809Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":49999999,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee8/item.htm?query=1","datetime":"2015-07-15T08:00:10.096Z","extra":""},"datetime":"2015-07-15T08:00:10.096Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":100,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee9/item.htm?query=1","datetime":"2015-07-15T08:00:11.383Z","extra":"ccab"},"datetime":"2015-07-15T08:00:11.383Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1005,"price":7,"channel":"Google","url":"https://www.nexmark.com/abo/kee10/item.htm?query=1","datetime":"2015-07-15T08:00:12.670Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:12.670Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":50000001,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee11/item.htm?query=1","datetime":"2015-07-15T08:00:13.757Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:13.757Z"}
{"event_type":0,"person":{"id":1012,"name":"P12","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"ID","datetime":"2015-07-15T08:00:15.044Z","extra":""},"datetime":"2015-07-15T08:00:15.044Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1000,"price":950000,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee13/item.htm?query=1","datetime":"2015-07-15T08:00:16.331Z","extra":"ccab"},"datetime":"2015-07-15T08:00:16.331Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":950000,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee14/item.htm?query=1&channel_id=154","datetime":"2015-07-15T08:00:17.618Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:17.618Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1003,"price":950000,"channel":"Google","url":"https://www.nexmark.com/abo/kee15/item.htm?query=1","datetime":"2015-07-15T08:00:18.905Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:18.905Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":2500000,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee16/item.htm?query=1","datetime":"2015-07-15T08:00:20.192Z","extra":""},"datetime":"2015-07-15T08:00:20.192Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1000,"price":50000001,"channel":"Apple","url":"https://www.nexmark.com/abo/kee17/item.htm?query=1","datetime":"2015-07-15T08:00:21.279Z","extra":"ccab"},"datetime":"2015-07-15T08:00:21.279Z"}
{"event_type":1,"auction":{"id":18,"item_name":"it","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:22.566Z","expires":"2015-07-15T08:00:22.566Z","seller":1012,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:22.566Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1002,"price":100,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee19/item.htm?query=1","datetime":"2015-07-15T08:00:23.853Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:23.853Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":100,"channel":"Google","url":"https://www.nexmark.com/abo/kee20/item.htm?query=1","datetime":"2015-07-15T08:00:25.140Z","extra":""},"datetime":"2015-07-15T08:00:25.140Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1003,"price":7,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee21/item.htm?query=1","datetime":"2015-07-15T08:00:26.427Z","extra":"ccab"},"datetime":"2015-07-15T08:00:26.427Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1002,"price":49999999,"channel":"Apple","url":"https://www.nexmark.com/abo/kee22/item.htm?query=1","datetime":"2015-07-15T08:00:27.514Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:27.514Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1002,"price":2500000,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee23/item.htm?query=1","datetime":"2015-07-15T08:00:28.801Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:28.801Z"}
{"event_type":0,"person":{"id":1024,"name":"P24","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"CA","datetime":"2015-07-15T08:00:30.088Z","extra":""},"datetime":"2015-07-15T08:00:30.088Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1001,"price":7,"channel":"Google","url":"https://www.nexmark.com/abo/kee25/item.htm?query=1","datetime":"2015-07-15T08:00:31.375Z","extra":"ccab"},"datetime":"2015-07-15T08:00:31.375Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1000,"price":50000001,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee26/item.htm?query=1","datetime":"2015-07-15T08:00:32.662Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:32.662Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1004,"price":49999999,"channel":"Apple","url":"https://www.nexmark.com/abo/kee27/item.htm?query=1","datetime":"2015-07-15T08:00:33.949Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:33.949Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1005,"price":49999999,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee28/item.htm?query=1","datetime":"2015-07-15T08:00:35.036Z","extra":""},"datetime":"2015-07-15T08:00:35.036Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1004,"price":100,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee29/item.htm?query=1","datetime":"2015-07-15T08:00:36.323Z","extra":"ccab"},"datetime":"2015-07-15T08:00:36.323Z"}
{"event_type":1,"auction":{"id":30,"item_name":"it","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:37.610Z","expires":"2015-07-15T08:00:37.610Z","seller":1024,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:37.610Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":49999999,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee31/item.htm?query=1","datetime":"2015-07-15T08:00:38.897Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:38.897Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1002,"price":950000,"channel":"Apple","url":"https://www.nexmark.com/abo/kee32/item.htm?query=1","datetime":"2015-07-15T08:00:40.184Z","extra":""},"datetime":"2015-07-15T08:00:40.184Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1003,"price":100,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee33/item.htm?query=1","datetime":"2015-07-15T08:00:41.271Z","extra":"ccab"},"datetime":"2015-07-15T08:00:41.271Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1004,"price":50000001,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee34/item.htm?query=1&channel_id=374","datetime":"2015-07-15T08:00:42.558Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:42.558Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1002,"price":7,"channel":"Google","url":"https://www.nexmark.com/abo/kee35/item.htm?query=1","datetime":"2015-07-15T08:00:43.845Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:43.845Z"}
{"event_type":0,"person":{"id":1036,"name":"P36","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"NY","datetime":"2015-07-15T08:00:45.132Z","extra":""},"datetime":"2015-07-15T08:00:45.132Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1004,"price":49999999,"channel":"Apple","url":"https://www.nexmark.com/abo/kee37/item.htm?query=1","datetime":"2015-07-15T08:00:46.419Z","extra":"ccab"},"datetime":"2015-07-15T08:00:46.419Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1000,"price":100,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee38/item.htm?query=1","datetime":"2015-07-15T08:00:47.506Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:47.506Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1003,"price":7,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee39/item.htm?query=1","datetime":"2015-07-15T08:00:48.793Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:48.793Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1000,"price":7,"channel":"Google","url":"https://www.nexmark.com/abo/kee40/item.htm?query=1","datetime":"2015-07-15T08:00:50.080Z","extra":""},"datetime":"2015-07-15T08:00:50.080Z"}
{"event_type":2,"bid":{"auction":246,"bidder":1005,"price":50000001,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee41/item.htm?query=1","datetime":"2015-07-15T08:00:51.367Z","extra":"ccab"},"datetime":"2015-07-15T08:00:51.367Z"}
{"event_type":1,"auction":{"id":42,"item_name":"it","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:52.654Z","expires":"2015-07-15T08:00:52.654Z","seller":1036,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:52.654Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1002,"price":7,"channel":"Baidu","url":"https://www.nexmark.com/abo/kee43/item.htm?query=1","datetime":"2015-07-15T08:00:53.941Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:53.941Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1005,"price":2500000,"channel":"channel-77","url":"https://www.nexmark.com/abo/kee44/item.htm?query=1&channel_id=484","datetime":"2015-07-15T08:00:55.028Z","extra":""},"datetime":"2015-07-15T08:00:55.028Z"}
{"event_type":2,"bid":{"auction":123,"bidder":1003,"price":2500000,"channel":"Google","url":"https://www.nexmark.com/abo/kee45/item.htm?query=1","datetime":"2015-07-15T08:00:56.315Z","extra":"ccab"},"datetime":"2015-07-15T08:00:56.315Z"}
{"event_type":2,"bid":{"auction":1007,"bidder":1004,"price":100,"channel":"Facebook","url":"https://www.nexmark.com/abo/kee46/item.htm?query=1","datetime":"2015-07-15T08:00:57.602Z","extra":"ccabccab"},"datetime":"2015-07-15T08:00:57.602Z"}
{"event_type":2,"bid":{"auction":1001,"bidder":1000,"price":950000,"channel":"Apple","url":"https://www.nexmark.com/abo/kee47/item.htm?query=1","datetime":"2015-07-15T08:00:58.889Z","extra":"ccabccabccab"},"datetime":"2015-07-15T08:00:58.889Z"}
*/

/* output results
{"day":"2015-07-15","total_bids":40,"rank1_bids":14,"rank2_bids":7,"rank3_bids":19,"total_bidders":6,"rank1_bidders":6,"rank2_bidders":4,"rank3_bidders":6,"total_auctions":4,"rank1_auctions":4,"rank2_auctions":4,"rank3_auctions":4}
*/
