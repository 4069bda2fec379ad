-- User sessions.
CREATE TABLE nexmark (
  event_type INT NOT NULL,
  person STRUCT<id BIGINT, name TEXT, email_address TEXT, credit_card TEXT, city TEXT, state TEXT, datetime TIMESTAMP(3), extra TEXT>,
  auction STRUCT<id BIGINT, item_name TEXT, description TEXT, initial_bid BIGINT, reserve BIGINT, datetime TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra TEXT>,
  bid STRUCT<auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, datetime TIMESTAMP(3), extra TEXT>,
  datetime TIMESTAMP(3) NOT NULL,
  WATERMARK FOR datetime AS datetime - INTERVAL '4' SECOND
) WITH (connector = 'world', format = 'json');
CREATE VIEW person AS SELECT person.id, person.name, person.email_address, person.credit_card, person.city, person.state, datetime, person.extra FROM nexmark WHERE event_type = 0;
CREATE VIEW auction AS SELECT auction.id, auction.item_name, auction.description, auction.initial_bid, auction.reserve, datetime, auction.expires, auction.seller, auction.category, auction.extra FROM nexmark WHERE event_type = 1;
CREATE VIEW bid AS SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, datetime, bid.extra FROM nexmark WHERE event_type = 2;
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT bidder, count(*) AS bid_count, SESSION_START(datetime, INTERVAL '10' SECOND) AS starttime, SESSION_END(datetime, INTERVAL '10' SECOND) AS endtime
FROM bid
GROUP BY bidder, SESSION(datetime, INTERVAL '10' SECOND);

/* input nexmark
{"event_type":0,"person":{"id":1000,"name":"P1000","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"NY","datetime":"2015-07-15T08:00:00.450Z","extra":""},"datetime":"2015-07-15T08:00:00.450Z"}
{"event_type":1,"auction":{"id":2000,"item_name":"item2000","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:00.600Z","expires":"2015-07-15T08:00:02.600Z","seller":1000,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:00.600Z"}
{"event_type":2,"bid":{"auction":2000,"bidder":1000,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/2/item.htm","datetime":"2015-07-15T08:00:00.750Z","extra":""},"datetime":"2015-07-15T08:00:00.750Z"}
{"event_type":2,"bid":{"auction":2000,"bidder":1000,"price":100,"channel":"channel-7","url":"https://www.nexmark.com/a/b/3/item.htm","datetime":"2015-07-15T08:00:01.450Z","extra":""},"datetime":"2015-07-15T08:00:01.450Z"}
{"event_type":1,"auction":{"id":2001,"item_name":"item2001","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:02.150Z","expires":"2015-07-15T08:00:04.150Z","seller":1000,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:02.150Z"}
{"event_type":2,"bid":{"auction":2001,"bidder":1000,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/5/item.htm","datetime":"2015-07-15T08:00:02.300Z","extra":""},"datetime":"2015-07-15T08:00:02.300Z"}
{"event_type":2,"bid":{"auction":2001,"bidder":1000,"price":250,"channel":"channel-7","url":"https://www.nexmark.com/a/b/6/item.htm","datetime":"2015-07-15T08:00:02.600Z","extra":""},"datetime":"2015-07-15T08:00:02.600Z"}
{"event_type":2,"bid":{"auction":2001,"bidder":1000,"price":100,"channel":"channel-7","url":"https://www.nexmark.com/a/b/7/item.htm","datetime":"2015-07-15T08:00:02.750Z","extra":""},"datetime":"2015-07-15T08:00:02.750Z"}
{"event_type":1,"auction":{"id":2002,"item_name":"item2002","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:03.050Z","expires":"2015-07-15T08:00:08.050Z","seller":1000,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:03.050Z"}
{"event_type":2,"bid":{"auction":2002,"bidder":1000,"price":70000,"channel":"Apple","url":"https://www.nexmark.com/a/b/9/item.htm","datetime":"2015-07-15T08:00:03.200Z","extra":""},"datetime":"2015-07-15T08:00:03.200Z"}
{"event_type":0,"person":{"id":1001,"name":"P1001","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"CA","datetime":"2015-07-15T08:00:03.900Z","extra":""},"datetime":"2015-07-15T08:00:03.900Z"}
{"event_type":1,"auction":{"id":2003,"item_name":"item2003","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:04.600Z","expires":"2015-07-15T08:00:13.600Z","seller":1001,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:04.600Z"}
{"event_type":2,"bid":{"auction":2001,"bidder":1000,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/12/item.htm","datetime":"2015-07-15T08:00:05.050Z","extra":""},"datetime":"2015-07-15T08:00:05.050Z"}
{"event_type":2,"bid":{"auction":2003,"bidder":1001,"price":5000,"channel":"Google","url":"https://www.nexmark.com/a/b/13/item.htm","datetime":"2015-07-15T08:00:05.500Z","extra":""},"datetime":"2015-07-15T08:00:05.500Z"}
{"event_type":1,"auction":{"id":2004,"item_name":"item2004","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:05.650Z","expires":"2015-07-15T08:00:07.650Z","seller":1001,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:05.650Z"}
{"event_type":0,"person":{"id":1002,"name":"P1002","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"NY","datetime":"2015-07-15T08:00:06.100Z","extra":""},"datetime":"2015-07-15T08:00:06.100Z"}
{"event_type":2,"bid":{"auction":2000,"bidder":1002,"price":70000,"channel":"Google","url":"https://www.nexmark.com/a/b/16/item.htm","datetime":"2015-07-15T08:00:06.250Z","extra":""},"datetime":"2015-07-15T08:00:06.250Z"}
{"event_type":2,"bid":{"auction":2002,"bidder":1002,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/17/item.htm","datetime":"2015-07-15T08:00:06.700Z","extra":""},"datetime":"2015-07-15T08:00:06.700Z"}
{"event_type":1,"auction":{"id":2005,"item_name":"item2005","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:07.400Z","expires":"2015-07-15T08:00:09.400Z","seller":1000,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:07.400Z"}
{"event_type":2,"bid":{"auction":2005,"bidder":1002,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/19/item.htm","datetime":"2015-07-15T08:00:08.100Z","extra":""},"datetime":"2015-07-15T08:00:08.100Z"}
{"event_type":0,"person":{"id":1003,"name":"P1003","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"CA","datetime":"2015-07-15T08:00:08.550Z","extra":""},"datetime":"2015-07-15T08:00:08.550Z"}
{"event_type":1,"auction":{"id":2006,"item_name":"item2006","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:09.250Z","expires":"2015-07-15T08:00:18.250Z","seller":1002,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:09.250Z"}
{"event_type":2,"bid":{"auction":2003,"bidder":1001,"price":70000,"channel":"Apple","url":"https://www.nexmark.com/a/b/22/item.htm","datetime":"2015-07-15T08:00:09.950Z","extra":""},"datetime":"2015-07-15T08:00:09.950Z"}
{"event_type":2,"bid":{"auction":2001,"bidder":1001,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/23/item.htm","datetime":"2015-07-15T08:00:10.650Z","extra":""},"datetime":"2015-07-15T08:00:10.650Z"}
{"event_type":1,"auction":{"id":2007,"item_name":"item2007","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:10.950Z","expires":"2015-07-15T08:00:15.950Z","seller":1003,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:10.950Z"}
{"event_type":0,"person":{"id":1004,"name":"P1004","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"CA","datetime":"2015-07-15T08:00:11.100Z","extra":""},"datetime":"2015-07-15T08:00:11.100Z"}
{"event_type":2,"bid":{"auction":2005,"bidder":1004,"price":900,"channel":"channel-7","url":"https://www.nexmark.com/a/b/26/item.htm","datetime":"2015-07-15T08:00:11.400Z","extra":""},"datetime":"2015-07-15T08:00:11.400Z"}
{"event_type":2,"bid":{"auction":2004,"bidder":1003,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/27/item.htm","datetime":"2015-07-15T08:00:12.100Z","extra":""},"datetime":"2015-07-15T08:00:12.100Z"}
{"event_type":1,"auction":{"id":2008,"item_name":"item2008","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:12.250Z","expires":"2015-07-15T08:00:14.250Z","seller":1002,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:12.250Z"}
{"event_type":2,"bid":{"auction":2003,"bidder":1003,"price":70000,"channel":"Apple","url":"https://www.nexmark.com/a/b/29/item.htm","datetime":"2015-07-15T08:00:12.550Z","extra":""},"datetime":"2015-07-15T08:00:12.550Z"}
{"event_type":0,"person":{"id":1005,"name":"P1005","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"OR","datetime":"2015-07-15T08:00:13.000Z","extra":""},"datetime":"2015-07-15T08:00:13.000Z"}
{"event_type":1,"auction":{"id":2009,"item_name":"item2009","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:13.300Z","expires":"2015-07-15T08:00:18.300Z","seller":1004,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:13.300Z"}
{"event_type":2,"bid":{"auction":2005,"bidder":1005,"price":70000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/32/item.htm","datetime":"2015-07-15T08:00:13.750Z","extra":""},"datetime":"2015-07-15T08:00:13.750Z"}
{"event_type":2,"bid":{"auction":2007,"bidder":1005,"price":5000,"channel":"Google","url":"https://www.nexmark.com/a/b/33/item.htm","datetime":"2015-07-15T08:00:13.900Z","extra":""},"datetime":"2015-07-15T08:00:13.900Z"}
{"event_type":1,"auction":{"id":2010,"item_name":"item2010","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:14.600Z","expires":"2015-07-15T08:00:19.600Z","seller":1002,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:14.600Z"}
{"event_type":0,"person":{"id":1006,"name":"P1006","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"ID","datetime":"2015-07-15T08:00:15.300Z","extra":""},"datetime":"2015-07-15T08:00:15.300Z"}
{"event_type":2,"bid":{"auction":2006,"bidder":1002,"price":900,"channel":"channel-7","url":"https://www.nexmark.com/a/b/36/item.htm","datetime":"2015-07-15T08:00:16.000Z","extra":""},"datetime":"2015-07-15T08:00:16.000Z"}
{"event_type":2,"bid":{"auction":2005,"bidder":1002,"price":70000,"channel":"Apple","url":"https://www.nexmark.com/a/b/37/item.htm","datetime":"2015-07-15T08:00:16.150Z","extra":""},"datetime":"2015-07-15T08:00:16.150Z"}
{"event_type":1,"auction":{"id":2011,"item_name":"item2011","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:16.300Z","expires":"2015-07-15T08:00:21.300Z","seller":1003,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:16.300Z"}
{"event_type":2,"bid":{"auction":2010,"bidder":1005,"price":250,"channel":"channel-7","url":"https://www.nexmark.com/a/b/39/item.htm","datetime":"2015-07-15T08:00:16.600Z","extra":""},"datetime":"2015-07-15T08:00:16.600Z"}
{"event_type":0,"person":{"id":1007,"name":"P1007","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"CA","datetime":"2015-07-15T08:00:17.050Z","extra":""},"datetime":"2015-07-15T08:00:17.050Z"}
{"event_type":1,"auction":{"id":2012,"item_name":"item2012","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:17.750Z","expires":"2015-07-15T08:00:19.750Z","seller":1004,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:17.750Z"}
{"event_type":2,"bid":{"auction":2010,"bidder":1006,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/42/item.htm","datetime":"2015-07-15T08:00:18.450Z","extra":""},"datetime":"2015-07-15T08:00:18.450Z"}
{"event_type":2,"bid":{"auction":2007,"bidder":1005,"price":900,"channel":"Google","url":"https://www.nexmark.com/a/b/43/item.htm","datetime":"2015-07-15T08:00:18.750Z","extra":""},"datetime":"2015-07-15T08:00:18.750Z"}
{"event_type":1,"auction":{"id":2013,"item_name":"item2013","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:19.050Z","expires":"2015-07-15T08:00:28.050Z","seller":1004,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:19.050Z"}
{"event_type":0,"person":{"id":1008,"name":"P1008","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"CA","datetime":"2015-07-15T08:00:19.500Z","extra":""},"datetime":"2015-07-15T08:00:19.500Z"}
{"event_type":2,"bid":{"auction":2013,"bidder":1006,"price":70000,"channel":"Google","url":"https://www.nexmark.com/a/b/46/item.htm","datetime":"2015-07-15T08:00:19.650Z","extra":""},"datetime":"2015-07-15T08:00:19.650Z"}
{"event_type":2,"bid":{"auction":2010,"bidder":1005,"price":70000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/47/item.htm","datetime":"2015-07-15T08:00:19.950Z","extra":""},"datetime":"2015-07-15T08:00:19.950Z"}
{"event_type":1,"auction":{"id":2014,"item_name":"item2014","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:20.400Z","expires":"2015-07-15T08:00:29.400Z","seller":1006,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:20.400Z"}
{"event_type":2,"bid":{"auction":2010,"bidder":1007,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/49/item.htm","datetime":"2015-07-15T08:00:20.700Z","extra":""},"datetime":"2015-07-15T08:00:20.700Z"}
{"event_type":0,"person":{"id":1009,"name":"P1009","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"OR","datetime":"2015-07-15T08:00:21.400Z","extra":""},"datetime":"2015-07-15T08:00:21.400Z"}
{"event_type":1,"auction":{"id":2015,"item_name":"item2015","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:21.550Z","expires":"2015-07-15T08:00:26.550Z","seller":1009,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:21.550Z"}
{"event_type":2,"bid":{"auction":2015,"bidder":1009,"price":900,"channel":"Google","url":"https://www.nexmark.com/a/b/52/item.htm","datetime":"2015-07-15T08:00:21.850Z","extra":""},"datetime":"2015-07-15T08:00:21.850Z"}
{"event_type":2,"bid":{"auction":2012,"bidder":1005,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/53/item.htm","datetime":"2015-07-15T08:00:22.300Z","extra":""},"datetime":"2015-07-15T08:00:22.300Z"}
{"event_type":1,"auction":{"id":2016,"item_name":"item2016","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:22.600Z","expires":"2015-07-15T08:00:27.600Z","seller":1007,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:22.600Z"}
{"event_type":2,"bid":{"auction":2015,"bidder":1005,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/55/item.htm","datetime":"2015-07-15T08:00:22.900Z","extra":""},"datetime":"2015-07-15T08:00:22.900Z"}
{"event_type":2,"bid":{"auction":2016,"bidder":1005,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/56/item.htm","datetime":"2015-07-15T08:00:23.350Z","extra":""},"datetime":"2015-07-15T08:00:23.350Z"}
{"event_type":2,"bid":{"auction":2014,"bidder":1006,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/57/item.htm","datetime":"2015-07-15T08:00:23.650Z","extra":""},"datetime":"2015-07-15T08:00:23.650Z"}
{"event_type":1,"auction":{"id":2017,"item_name":"item2017","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:24.100Z","expires":"2015-07-15T08:00:26.100Z","seller":1009,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:24.100Z"}
{"event_type":2,"bid":{"auction":2017,"bidder":1005,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/59/item.htm","datetime":"2015-07-15T08:00:24.800Z","extra":""},"datetime":"2015-07-15T08:00:24.800Z"}
{"event_type":0,"person":{"id":1010,"name":"P1010","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"ID","datetime":"2015-07-15T08:00:25.100Z","extra":""},"datetime":"2015-07-15T08:00:25.100Z"}
{"event_type":1,"auction":{"id":2018,"item_name":"item2018","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:25.800Z","expires":"2015-07-15T08:00:34.800Z","seller":1008,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:25.800Z"}
{"event_type":2,"bid":{"auction":2018,"bidder":1008,"price":250,"channel":"channel-7","url":"https://www.nexmark.com/a/b/62/item.htm","datetime":"2015-07-15T08:00:26.500Z","extra":""},"datetime":"2015-07-15T08:00:26.500Z"}
{"event_type":2,"bid":{"auction":2013,"bidder":1006,"price":100,"channel":"channel-7","url":"https://www.nexmark.com/a/b/63/item.htm","datetime":"2015-07-15T08:00:26.800Z","extra":""},"datetime":"2015-07-15T08:00:26.800Z"}
{"event_type":1,"auction":{"id":2019,"item_name":"item2019","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:27.100Z","expires":"2015-07-15T08:00:32.100Z","seller":1008,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:27.100Z"}
{"event_type":0,"person":{"id":1011,"name":"P1011","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"ID","datetime":"2015-07-15T08:00:27.250Z","extra":""},"datetime":"2015-07-15T08:00:27.250Z"}
{"event_type":2,"bid":{"auction":2016,"bidder":1011,"price":5000,"channel":"Apple","url":"https://www.nexmark.com/a/b/66/item.htm","datetime":"2015-07-15T08:00:27.700Z","extra":""},"datetime":"2015-07-15T08:00:27.700Z"}
{"event_type":2,"bid":{"auction":2019,"bidder":1009,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/67/item.htm","datetime":"2015-07-15T08:00:27.850Z","extra":""},"datetime":"2015-07-15T08:00:27.850Z"}
{"event_type":1,"auction":{"id":2020,"item_name":"item2020","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:28.550Z","expires":"2015-07-15T08:00:37.550Z","seller":1009,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:28.550Z"}
{"event_type":2,"bid":{"auction":2019,"bidder":1011,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/69/item.htm","datetime":"2015-07-15T08:00:28.850Z","extra":""},"datetime":"2015-07-15T08:00:28.850Z"}
{"event_type":0,"person":{"id":1012,"name":"P1012","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"ID","datetime":"2015-07-15T08:00:29.150Z","extra":""},"datetime":"2015-07-15T08:00:29.150Z"}
{"event_type":1,"auction":{"id":2021,"item_name":"item2021","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:29.450Z","expires":"2015-07-15T08:00:31.450Z","seller":1012,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:29.450Z"}
{"event_type":2,"bid":{"auction":2020,"bidder":1008,"price":900,"channel":"channel-7","url":"https://www.nexmark.com/a/b/72/item.htm","datetime":"2015-07-15T08:00:29.600Z","extra":""},"datetime":"2015-07-15T08:00:29.600Z"}
{"event_type":2,"bid":{"auction":2016,"bidder":1012,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/73/item.htm","datetime":"2015-07-15T08:00:30.300Z","extra":""},"datetime":"2015-07-15T08:00:30.300Z"}
{"event_type":1,"auction":{"id":2022,"item_name":"item2022","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:30.600Z","expires":"2015-07-15T08:00:35.600Z","seller":1009,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:30.600Z"}
{"event_type":2,"bid":{"auction":2017,"bidder":1011,"price":900,"channel":"channel-7","url":"https://www.nexmark.com/a/b/75/item.htm","datetime":"2015-07-15T08:00:31.300Z","extra":""},"datetime":"2015-07-15T08:00:31.300Z"}
{"event_type":2,"bid":{"auction":2022,"bidder":1010,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/76/item.htm","datetime":"2015-07-15T08:00:31.600Z","extra":""},"datetime":"2015-07-15T08:00:31.600Z"}
{"event_type":2,"bid":{"auction":2021,"bidder":1009,"price":70000,"channel":"Google","url":"https://www.nexmark.com/a/b/77/item.htm","datetime":"2015-07-15T08:00:32.300Z","extra":""},"datetime":"2015-07-15T08:00:32.300Z"}
{"event_type":1,"auction":{"id":2023,"item_name":"item2023","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:32.600Z","expires":"2015-07-15T08:00:37.600Z","seller":1010,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:32.600Z"}
{"event_type":2,"bid":{"auction":2021,"bidder":1011,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/79/item.htm","datetime":"2015-07-15T08:00:32.750Z","extra":""},"datetime":"2015-07-15T08:00:32.750Z"}
{"event_type":0,"person":{"id":1013,"name":"P1013","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"OR","datetime":"2015-07-15T08:00:33.050Z","extra":""},"datetime":"2015-07-15T08:00:33.050Z"}
{"event_type":1,"auction":{"id":2024,"item_name":"item2024","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:33.350Z","expires":"2015-07-15T08:00:42.350Z","seller":1012,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:33.350Z"}
{"event_type":2,"bid":{"auction":2024,"bidder":1011,"price":250,"channel":"Google","url":"https://www.nexmark.com/a/b/82/item.htm","datetime":"2015-07-15T08:00:33.650Z","extra":""},"datetime":"2015-07-15T08:00:33.650Z"}
{"event_type":2,"bid":{"auction":2022,"bidder":1010,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/83/item.htm","datetime":"2015-07-15T08:00:33.950Z","extra":""},"datetime":"2015-07-15T08:00:33.950Z"}
{"event_type":1,"auction":{"id":2025,"item_name":"item2025","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:34.650Z","expires":"2015-07-15T08:00:36.650Z","seller":1011,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:34.650Z"}
{"event_type":2,"bid":{"auction":2023,"bidder":1011,"price":5000,"channel":"Apple","url":"https://www.nexmark.com/a/b/85/item.htm","datetime":"2015-07-15T08:00:35.350Z","extra":""},"datetime":"2015-07-15T08:00:35.350Z"}
{"event_type":2,"bid":{"auction":2022,"bidder":1009,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/86/item.htm","datetime":"2015-07-15T08:00:35.800Z","extra":""},"datetime":"2015-07-15T08:00:35.800Z"}
{"event_type":2,"bid":{"auction":2024,"bidder":1012,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/87/item.htm","datetime":"2015-07-15T08:00:36.250Z","extra":""},"datetime":"2015-07-15T08:00:36.250Z"}
{"event_type":1,"auction":{"id":2026,"item_name":"item2026","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:36.400Z","expires":"2015-07-15T08:00:41.400Z","seller":1012,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:36.400Z"}
{"event_type":2,"bid":{"auction":2025,"bidder":1009,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/89/item.htm","datetime":"2015-07-15T08:00:36.850Z","extra":""},"datetime":"2015-07-15T08:00:36.850Z"}
{"event_type":0,"person":{"id":1014,"name":"P1014","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"CA","datetime":"2015-07-15T08:00:37.000Z","extra":""},"datetime":"2015-07-15T08:00:37.000Z"}
{"event_type":1,"auction":{"id":2027,"item_name":"item2027","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:37.450Z","expires":"2015-07-15T08:00:39.450Z","seller":1012,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:37.450Z"}
{"event_type":2,"bid":{"auction":2025,"bidder":1012,"price":5000,"channel":"Apple","url":"https://www.nexmark.com/a/b/92/item.htm","datetime":"2015-07-15T08:00:37.750Z","extra":""},"datetime":"2015-07-15T08:00:37.750Z"}
{"event_type":2,"bid":{"auction":2027,"bidder":1012,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/93/item.htm","datetime":"2015-07-15T08:00:38.450Z","extra":""},"datetime":"2015-07-15T08:00:38.450Z"}
{"event_type":1,"auction":{"id":2028,"item_name":"item2028","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:38.600Z","expires":"2015-07-15T08:00:47.600Z","seller":1012,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:38.600Z"}
{"event_type":0,"person":{"id":1015,"name":"P1015","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"OR","datetime":"2015-07-15T08:00:38.750Z","extra":""},"datetime":"2015-07-15T08:00:38.750Z"}
{"event_type":2,"bid":{"auction":2023,"bidder":1015,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/96/item.htm","datetime":"2015-07-15T08:00:39.200Z","extra":""},"datetime":"2015-07-15T08:00:39.200Z"}
{"event_type":2,"bid":{"auction":2023,"bidder":1014,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/97/item.htm","datetime":"2015-07-15T08:00:39.650Z","extra":""},"datetime":"2015-07-15T08:00:39.650Z"}
{"event_type":1,"auction":{"id":2029,"item_name":"item2029","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:40.350Z","expires":"2015-07-15T08:00:45.350Z","seller":1013,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:40.350Z"}
{"event_type":2,"bid":{"auction":2024,"bidder":1012,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/99/item.htm","datetime":"2015-07-15T08:00:40.650Z","extra":""},"datetime":"2015-07-15T08:00:40.650Z"}
{"event_type":0,"person":{"id":1016,"name":"P1016","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"CA","datetime":"2015-07-15T08:00:40.950Z","extra":""},"datetime":"2015-07-15T08:00:40.950Z"}
{"event_type":1,"auction":{"id":2030,"item_name":"item2030","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:41.400Z","expires":"2015-07-15T08:00:50.400Z","seller":1014,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:41.400Z"}
{"event_type":2,"bid":{"auction":2029,"bidder":1013,"price":900,"channel":"Google","url":"https://www.nexmark.com/a/b/102/item.htm","datetime":"2015-07-15T08:00:42.100Z","extra":""},"datetime":"2015-07-15T08:00:42.100Z"}
{"event_type":2,"bid":{"auction":2027,"bidder":1012,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/103/item.htm","datetime":"2015-07-15T08:00:42.250Z","extra":""},"datetime":"2015-07-15T08:00:42.250Z"}
{"event_type":1,"auction":{"id":2031,"item_name":"item2031","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:42.550Z","expires":"2015-07-15T08:00:51.550Z","seller":1016,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:42.550Z"}
{"event_type":0,"person":{"id":1017,"name":"P1017","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"NY","datetime":"2015-07-15T08:00:43.250Z","extra":""},"datetime":"2015-07-15T08:00:43.250Z"}
{"event_type":2,"bid":{"auction":2030,"bidder":1015,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/106/item.htm","datetime":"2015-07-15T08:00:43.950Z","extra":""},"datetime":"2015-07-15T08:00:43.950Z"}
{"event_type":2,"bid":{"auction":2027,"bidder":1014,"price":5000,"channel":"Google","url":"https://www.nexmark.com/a/b/107/item.htm","datetime":"2015-07-15T08:00:44.400Z","extra":""},"datetime":"2015-07-15T08:00:44.400Z"}
{"event_type":1,"auction":{"id":2032,"item_name":"item2032","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:44.550Z","expires":"2015-07-15T08:00:46.550Z","seller":1014,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:44.550Z"}
{"event_type":2,"bid":{"auction":2030,"bidder":1014,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/109/item.htm","datetime":"2015-07-15T08:00:45.000Z","extra":""},"datetime":"2015-07-15T08:00:45.000Z"}
{"event_type":0,"person":{"id":1018,"name":"P1018","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"ID","datetime":"2015-07-15T08:00:45.700Z","extra":""},"datetime":"2015-07-15T08:00:45.700Z"}
{"event_type":1,"auction":{"id":2033,"item_name":"item2033","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:46.150Z","expires":"2015-07-15T08:00:48.150Z","seller":1018,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:46.150Z"}
{"event_type":2,"bid":{"auction":2030,"bidder":1017,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/112/item.htm","datetime":"2015-07-15T08:00:46.450Z","extra":""},"datetime":"2015-07-15T08:00:46.450Z"}
{"event_type":2,"bid":{"auction":2030,"bidder":1018,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/113/item.htm","datetime":"2015-07-15T08:00:46.900Z","extra":""},"datetime":"2015-07-15T08:00:46.900Z"}
{"event_type":1,"auction":{"id":2034,"item_name":"item2034","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:47.050Z","expires":"2015-07-15T08:00:52.050Z","seller":1016,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:47.050Z"}
{"event_type":0,"person":{"id":1019,"name":"P1019","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"OR","datetime":"2015-07-15T08:00:47.350Z","extra":""},"datetime":"2015-07-15T08:00:47.350Z"}
{"event_type":2,"bid":{"auction":2031,"bidder":1019,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/116/item.htm","datetime":"2015-07-15T08:00:48.050Z","extra":""},"datetime":"2015-07-15T08:00:48.050Z"}
{"event_type":2,"bid":{"auction":2029,"bidder":1017,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/117/item.htm","datetime":"2015-07-15T08:00:48.200Z","extra":""},"datetime":"2015-07-15T08:00:48.200Z"}
{"event_type":1,"auction":{"id":2035,"item_name":"item2035","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:48.900Z","expires":"2015-07-15T08:00:57.900Z","seller":1016,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:48.900Z"}
{"event_type":2,"bid":{"auction":2032,"bidder":1017,"price":250,"channel":"Apple","url":"https://www.nexmark.com/a/b/119/item.htm","datetime":"2015-07-15T08:00:49.050Z","extra":""},"datetime":"2015-07-15T08:00:49.050Z"}
{"event_type":0,"person":{"id":1020,"name":"P1020","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"CA","datetime":"2015-07-15T08:00:49.350Z","extra":""},"datetime":"2015-07-15T08:00:49.350Z"}
{"event_type":1,"auction":{"id":2036,"item_name":"item2036","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:50.050Z","expires":"2015-07-15T08:00:52.050Z","seller":1019,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:50.050Z"}
{"event_type":2,"bid":{"auction":2031,"bidder":1020,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/122/item.htm","datetime":"2015-07-15T08:00:50.350Z","extra":""},"datetime":"2015-07-15T08:00:50.350Z"}
{"event_type":2,"bid":{"auction":2035,"bidder":1020,"price":70000,"channel":"Apple","url":"https://www.nexmark.com/a/b/123/item.htm","datetime":"2015-07-15T08:00:50.650Z","extra":""},"datetime":"2015-07-15T08:00:50.650Z"}
{"event_type":1,"auction":{"id":2037,"item_name":"item2037","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:50.950Z","expires":"2015-07-15T08:00:52.950Z","seller":1017,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:50.950Z"}
{"event_type":2,"bid":{"auction":2032,"bidder":1019,"price":5000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/125/item.htm","datetime":"2015-07-15T08:00:51.250Z","extra":""},"datetime":"2015-07-15T08:00:51.250Z"}
{"event_type":2,"bid":{"auction":2037,"bidder":1016,"price":70000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/126/item.htm","datetime":"2015-07-15T08:00:51.400Z","extra":""},"datetime":"2015-07-15T08:00:51.400Z"}
{"event_type":2,"bid":{"auction":2035,"bidder":1018,"price":100,"channel":"Google","url":"https://www.nexmark.com/a/b/127/item.htm","datetime":"2015-07-15T08:00:51.700Z","extra":""},"datetime":"2015-07-15T08:00:51.700Z"}
{"event_type":1,"auction":{"id":2038,"item_name":"item2038","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:51.850Z","expires":"2015-07-15T08:01:00.850Z","seller":1017,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:51.850Z"}
{"event_type":2,"bid":{"auction":2038,"bidder":1019,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/129/item.htm","datetime":"2015-07-15T08:00:52.000Z","extra":""},"datetime":"2015-07-15T08:00:52.000Z"}
{"event_type":0,"person":{"id":1021,"name":"P1021","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"ID","datetime":"2015-07-15T08:00:52.450Z","extra":""},"datetime":"2015-07-15T08:00:52.450Z"}
{"event_type":1,"auction":{"id":2039,"item_name":"item2039","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:52.750Z","expires":"2015-07-15T08:01:01.750Z","seller":1021,"category":11,"extra":"x"},"datetime":"2015-07-15T08:00:52.750Z"}
{"event_type":2,"bid":{"auction":2034,"bidder":1020,"price":900,"channel":"Apple","url":"https://www.nexmark.com/a/b/132/item.htm","datetime":"2015-07-15T08:00:53.450Z","extra":""},"datetime":"2015-07-15T08:00:53.450Z"}
{"event_type":2,"bid":{"auction":2034,"bidder":1021,"price":250,"channel":"Google","url":"https://www.nexmark.com/a/b/133/item.htm","datetime":"2015-07-15T08:00:53.750Z","extra":""},"datetime":"2015-07-15T08:00:53.750Z"}
{"event_type":1,"auction":{"id":2040,"item_name":"item2040","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:54.200Z","expires":"2015-07-15T08:01:03.200Z","seller":1020,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:54.200Z"}
{"event_type":0,"person":{"id":1022,"name":"P1022","email_address":"a@b.c","credit_card":"1234","city":"Boise","state":"NY","datetime":"2015-07-15T08:00:54.500Z","extra":""},"datetime":"2015-07-15T08:00:54.500Z"}
{"event_type":2,"bid":{"auction":2040,"bidder":1018,"price":250,"channel":"channel-7","url":"https://www.nexmark.com/a/b/136/item.htm","datetime":"2015-07-15T08:00:54.950Z","extra":""},"datetime":"2015-07-15T08:00:54.950Z"}
{"event_type":2,"bid":{"auction":2037,"bidder":1022,"price":900,"channel":"Google","url":"https://www.nexmark.com/a/b/137/item.htm","datetime":"2015-07-15T08:00:55.650Z","extra":""},"datetime":"2015-07-15T08:00:55.650Z"}
{"event_type":1,"auction":{"id":2041,"item_name":"item2041","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:56.350Z","expires":"2015-07-15T08:01:01.350Z","seller":1019,"category":12,"extra":"x"},"datetime":"2015-07-15T08:00:56.350Z"}
{"event_type":2,"bid":{"auction":2038,"bidder":1018,"price":5000,"channel":"Apple","url":"https://www.nexmark.com/a/b/139/item.htm","datetime":"2015-07-15T08:00:56.650Z","extra":""},"datetime":"2015-07-15T08:00:56.650Z"}
{"event_type":0,"person":{"id":1023,"name":"P1023","email_address":"a@b.c","credit_card":"1234","city":"Portland","state":"OR","datetime":"2015-07-15T08:00:57.100Z","extra":""},"datetime":"2015-07-15T08:00:57.100Z"}
{"event_type":1,"auction":{"id":2042,"item_name":"item2042","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:57.800Z","expires":"2015-07-15T08:01:02.800Z","seller":1023,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:57.800Z"}
{"event_type":2,"bid":{"auction":2037,"bidder":1023,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/142/item.htm","datetime":"2015-07-15T08:00:58.100Z","extra":""},"datetime":"2015-07-15T08:00:58.100Z"}
{"event_type":2,"bid":{"auction":2039,"bidder":1020,"price":70000,"channel":"channel-7","url":"https://www.nexmark.com/a/b/143/item.htm","datetime":"2015-07-15T08:00:58.550Z","extra":""},"datetime":"2015-07-15T08:00:58.550Z"}
{"event_type":1,"auction":{"id":2043,"item_name":"item2043","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:00:59.000Z","expires":"2015-07-15T08:01:01.000Z","seller":1022,"category":10,"extra":"x"},"datetime":"2015-07-15T08:00:59.000Z"}
{"event_type":2,"bid":{"auction":2041,"bidder":1022,"price":100,"channel":"Apple","url":"https://www.nexmark.com/a/b/145/item.htm","datetime":"2015-07-15T08:00:59.700Z","extra":""},"datetime":"2015-07-15T08:00:59.700Z"}
{"event_type":2,"bid":{"auction":2041,"bidder":1022,"price":5000,"channel":"Google","url":"https://www.nexmark.com/a/b/146/item.htm","datetime":"2015-07-15T08:00:59.850Z","extra":""},"datetime":"2015-07-15T08:00:59.850Z"}
{"event_type":2,"bid":{"auction":2041,"bidder":1021,"price":5000,"channel":"Google","url":"https://www.nexmark.com/a/b/147/item.htm","datetime":"2015-07-15T08:01:00.150Z","extra":""},"datetime":"2015-07-15T08:01:00.150Z"}
{"event_type":1,"auction":{"id":2044,"item_name":"item2044","description":"d","initial_bid":1,"reserve":2,"datetime":"2015-07-15T08:01:00.300Z","expires":"2015-07-15T08:01:05.300Z","seller":1020,"category":11,"extra":"x"},"datetime":"2015-07-15T08:01:00.300Z"}
{"event_type":2,"bid":{"auction":2042,"bidder":1019,"price":250,"channel":"channel-7","url":"https://www.nexmark.com/a/b/149/item.htm","datetime":"2015-07-15T08:01:00.750Z","extra":""},"datetime":"2015-07-15T08:01:00.750Z"}
*/

/* output results
{"bidder":1000,"bid_count":7,"starttime":"2015-07-15T08:00:00.750Z","endtime":"2015-07-15T08:00:15.050Z"}
{"bidder":1001,"bid_count":3,"starttime":"2015-07-15T08:00:05.500Z","endtime":"2015-07-15T08:00:20.650Z"}
{"bidder":1002,"bid_count":5,"starttime":"2015-07-15T08:00:06.250Z","endtime":"2015-07-15T08:00:26.150Z"}
{"bidder":1003,"bid_count":2,"starttime":"2015-07-15T08:00:12.100Z","endtime":"2015-07-15T08:00:22.550Z"}
{"bidder":1004,"bid_count":1,"starttime":"2015-07-15T08:00:11.400Z","endtime":"2015-07-15T08:00:21.400Z"}
{"bidder":1005,"bid_count":9,"starttime":"2015-07-15T08:00:13.750Z","endtime":"2015-07-15T08:00:34.800Z"}
{"bidder":1006,"bid_count":4,"starttime":"2015-07-15T08:00:18.450Z","endtime":"2015-07-15T08:00:36.800Z"}
{"bidder":1007,"bid_count":1,"starttime":"2015-07-15T08:00:20.700Z","endtime":"2015-07-15T08:00:30.700Z"}
{"bidder":1008,"bid_count":2,"starttime":"2015-07-15T08:00:26.500Z","endtime":"2015-07-15T08:00:39.600Z"}
{"bidder":1009,"bid_count":5,"starttime":"2015-07-15T08:00:21.850Z","endtime":"2015-07-15T08:00:46.850Z"}
{"bidder":1010,"bid_count":2,"starttime":"2015-07-15T08:00:31.600Z","endtime":"2015-07-15T08:00:43.950Z"}
{"bidder":1011,"bid_count":6,"starttime":"2015-07-15T08:00:27.700Z","endtime":"2015-07-15T08:00:45.350Z"}
{"bidder":1012,"bid_count":6,"starttime":"2015-07-15T08:00:30.300Z","endtime":"2015-07-15T08:00:52.250Z"}
{"bidder":1013,"bid_count":1,"starttime":"2015-07-15T08:00:42.100Z","endtime":"2015-07-15T08:00:52.100Z"}
{"bidder":1014,"bid_count":3,"starttime":"2015-07-15T08:00:39.650Z","endtime":"2015-07-15T08:00:55Z"}
{"bidder":1015,"bid_count":2,"starttime":"2015-07-15T08:00:39.200Z","endtime":"2015-07-15T08:00:53.950Z"}
{"bidder":1016,"bid_count":1,"starttime":"2015-07-15T08:00:51.400Z","endtime":"2015-07-15T08:01:01.400Z"}
{"bidder":1017,"bid_count":3,"starttime":"2015-07-15T08:00:46.450Z","endtime":"2015-07-15T08:00:59.050Z"}
{"bidder":1018,"bid_count":4,"starttime":"2015-07-15T08:00:46.900Z","endtime":"2015-07-15T08:01:06.650Z"}
{"bidder":1019,"bid_count":4,"starttime":"2015-07-15T08:00:48.050Z","endtime":"2015-07-15T08:01:10.750Z"}
{"bidder":1020,"bid_count":4,"starttime":"2015-07-15T08:00:50.350Z","endtime":"2015-07-15T08:01:08.550Z"}
{"bidder":1021,"bid_count":2,"starttime":"2015-07-15T08:00:53.750Z","endtime":"2015-07-15T08:01:10.150Z"}
{"bidder":1022,"bid_count":3,"starttime":"2015-07-15T08:00:55.650Z","endtime":"2015-07-15T08:01:09.850Z"}
{"bidder":1023,"bid_count":1,"starttime":"2015-07-15T08:00:58.100Z","endtime":"2015-07-15T08:01:08.100Z"}
*/
