-- DISTINCT in windows: each value once a window and key, beside aggregates of all rows; in hops and cumulating windows, too.
CREATE TABLE bids (auction BIGINT, bidder TEXT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT auction, tumble(INTERVAL '10 seconds') AS w, count(DISTINCT bidder) AS bidders, count(*) AS n, sum(price) AS total, min(price) AS least, max(bidder) AS last, count(price) FILTER (WHERE price > 5) AS dear FROM bids GROUP BY auction, w;
CREATE TABLE hopped WITH (connector = 'world', format = 'json');
INSERT INTO hopped SELECT window_start, window_end, count(DISTINCT bidder) AS bidders FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
CREATE TABLE growing WITH (connector = 'world', format = 'json');
INSERT INTO growing SELECT window_start, window_end, count(DISTINCT bidder) AS bidders FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end HAVING count(DISTINCT bidder) > 0;

/* input bids
{"auction":1,"bidder":"a","price":1,"ts":"2024-01-01T00:00:01Z"}
{"auction":1,"bidder":"b","price":10,"ts":"2024-01-01T00:00:02Z"}
{"auction":1,"bidder":"a","price":6,"ts":"2024-01-01T00:00:07Z"}
{"auction":2,"bidder":null,"price":null,"ts":"2024-01-01T00:00:08Z"}

{"auction":2,"bidder":"a","price":7,"ts":"2024-01-01T00:00:09Z"}
{"auction":1,"bidder":"c","price":8,"ts":"2024-01-01T00:00:12Z"}
{"auction":1,"bidder":"c","price":9,"ts":"2024-01-01T00:00:13Z"}
*/

/* output growing
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:05Z","bidders":2}
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","bidders":2}
{"window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:15Z","bidders":1}
{"window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:20Z","bidders":1}
*/

/* output hopped
{"window_start":"2023-12-31T23:59:55Z","window_end":"2024-01-01T00:00:05Z","bidders":2}
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:10Z","bidders":2}
{"window_start":"2024-01-01T00:00:05Z","window_end":"2024-01-01T00:00:15Z","bidders":2}
{"window_start":"2024-01-01T00:00:10Z","window_end":"2024-01-01T00:00:20Z","bidders":1}
*/

/* output results
{"auction":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z"},"bidders":2,"n":3,"total":17,"least":1,"last":"b","dear":2}
{"auction":1,"w":{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:20Z"},"bidders":1,"n":2,"total":17,"least":8,"last":"c","dear":2}
{"auction":2,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z"},"bidders":1,"n":2,"total":7,"least":7,"last":"a","dear":1}
*/
