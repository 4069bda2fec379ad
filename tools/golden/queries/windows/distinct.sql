-- DISTINCT aggregates with a window, under filters and beside others: tumbling and hopping, both spellings.
CREATE TABLE bids (auction BIGINT, bidder TEXT, price BIGINT, cost DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE t (auction BIGINT, start TIMESTAMP(3), bidders BIGINT, rich BIGINT, n BIGINT, total BIGINT, mean DOUBLE, least BIGINT, costs DOUBLE) WITH (connector = 'world', format = 'json');
CREATE TABLE h (window_start TIMESTAMP(3), window_end TIMESTAMP(3), bidders BIGINT, n BIGINT) WITH (connector = 'world', format = 'json');
INSERT INTO t SELECT auction, tumble(INTERVAL '10' SECOND).start, count(DISTINCT bidder), count(DISTINCT bidder) FILTER (WHERE price > 5), count(*), sum(price), avg(price), min(price), sum(cost)
FROM bids GROUP BY auction, tumble(INTERVAL '10' SECOND) HAVING count(DISTINCT bidder) > 0;
INSERT INTO h SELECT window_start, window_end, count(DISTINCT bidder), count(bidder)
FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end;

/* input bids
{"auction":1,"bidder":"a","price":3,"cost":0.5,"ts":"2024-01-01T00:00:01Z"}
{"auction":1,"bidder":"a","price":7,"cost":0.5,"ts":"2024-01-01T00:00:02Z"}
{"auction":1,"bidder":"b","price":4,"cost":null,"ts":"2024-01-01T00:00:03Z"}
{"auction":2,"bidder":"b","price":null,"cost":1,"ts":"2024-01-01T00:00:04Z"}
{"auction":1,"bidder":null,"price":9,"cost":2,"ts":"2024-01-01T00:00:06Z"}
{"auction":2,"bidder":"b","price":null,"cost":1,"ts":"2024-01-01T00:00:12Z"}
{"auction":2,"bidder":"c","price":20,"cost":1,"ts":"2024-01-01T00:00:13Z"}
{"auction":3,"bidder":null,"price":20,"cost":1,"ts":"2024-01-01T00:00:14Z"}
*/

/* output h
{"window_start":"2023-12-31T23:59:55Z","window_end":"2024-01-01T00:00:05Z","bidders":2,"n":4}
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","bidders":2,"n":4}
{"window_start":"2024-01-01T00:00:05Z","window_end":"2024-01-01T00:00:15Z","bidders":2,"n":2}
{"window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:20Z","bidders":2,"n":2}
*/

/* output t
{"auction":1,"start":"2024-01-01T00:00:00Z","bidders":2,"rich":1,"n":4,"total":23,"mean":5.75,"least":3,"costs":3}
{"auction":2,"start":"2024-01-01T00:00:00Z","bidders":1,"rich":0,"n":1,"total":null,"mean":null,"least":null,"costs":1}
{"auction":2,"start":"2024-01-01T00:00:10Z","bidders":2,"rich":1,"n":2,"total":20,"mean":20,"least":20,"costs":2}
*/
