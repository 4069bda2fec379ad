-- CUMULATE: windows that begin together and end a step apart; as a table function with and without GROUP BY, as cumulate(step, size), and grouped once more.
CREATE TABLE bids (item TEXT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT window_start, window_end, sum(price) AS total FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)) GROUP BY window_start, window_end;
CREATE TABLE by_item WITH (connector = 'world', format = 'json');
INSERT INTO by_item SELECT item, count(*) AS n, cumulate(INTERVAL '3 seconds', INTERVAL '6 seconds') AS w FROM bids GROUP BY item, w;
CREATE TABLE each_row WITH (connector = 'world', format = 'json');
INSERT INTO each_row SELECT price, window_start, window_end FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(ts), INTERVAL '3' SECOND, INTERVAL '6' SECOND)) WHERE item = 'a';
CREATE TABLE most WITH (connector = 'world', format = 'json');
INSERT INTO most SELECT max(n) AS n, w.start AS since, w.end AS until FROM (SELECT item, count(*) AS n, cumulate(INTERVAL '3 seconds', INTERVAL '6 seconds') AS w FROM bids GROUP BY item, w) AS c GROUP BY w;

/* input bids
{"item":"a","price":1,"ts":"2024-01-01T00:00:00Z"}
{"item":"b","price":2,"ts":"2024-01-01T00:00:01.999Z"}
{"item":"a","price":4,"ts":"2024-01-01T00:00:03Z"}

{"item":"b","price":8,"ts":"2024-01-01T00:00:06Z"}
{"item":"a","price":16,"ts":"2024-01-01T00:00:11Z"}
{"item":"a","price":32,"ts":"2024-01-01T00:00:20Z"}
*/

/* output by_item
{"item":"a","n":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:03Z"}}
{"item":"a","n":1,"w":{"start":"2024-01-01T00:00:06Z","end":"2024-01-01T00:00:12Z"}}
{"item":"a","n":1,"w":{"start":"2024-01-01T00:00:18Z","end":"2024-01-01T00:00:21Z"}}
{"item":"a","n":1,"w":{"start":"2024-01-01T00:00:18Z","end":"2024-01-01T00:00:24Z"}}
{"item":"a","n":2,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:06Z"}}
{"item":"b","n":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:03Z"}}
{"item":"b","n":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:06Z"}}
{"item":"b","n":1,"w":{"start":"2024-01-01T00:00:06Z","end":"2024-01-01T00:00:09Z"}}
{"item":"b","n":1,"w":{"start":"2024-01-01T00:00:06Z","end":"2024-01-01T00:00:12Z"}}
*/

/* output each_row
{"price":1,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:03Z"}
{"price":1,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:06Z"}
{"price":16,"window_start":"2024-01-01T00:00:06Z","window_end":"2024-01-01T00:00:12Z"}
{"price":32,"window_start":"2024-01-01T00:00:18Z","window_end":"2024-01-01T00:00:21Z"}
{"price":32,"window_start":"2024-01-01T00:00:18Z","window_end":"2024-01-01T00:00:24Z"}
{"price":4,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:06Z"}
*/

/* output most
{"n":1,"since":"2024-01-01T00:00:00Z","until":"2024-01-01T00:00:03Z"}
{"n":1,"since":"2024-01-01T00:00:06Z","until":"2024-01-01T00:00:09Z"}
{"n":1,"since":"2024-01-01T00:00:06Z","until":"2024-01-01T00:00:12Z"}
{"n":1,"since":"2024-01-01T00:00:18Z","until":"2024-01-01T00:00:21Z"}
{"n":1,"since":"2024-01-01T00:00:18Z","until":"2024-01-01T00:00:24Z"}
{"n":2,"since":"2024-01-01T00:00:00Z","until":"2024-01-01T00:00:06Z"}
*/

/* output results
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:02Z","total":3}
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:04Z","total":7}
{"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:06Z","total":7}
{"window_start":"2024-01-01T00:00:06Z","window_end":"2024-01-01T00:00:08Z","total":8}
{"window_start":"2024-01-01T00:00:06Z","window_end":"2024-01-01T00:00:10Z","total":8}
{"window_start":"2024-01-01T00:00:06Z","window_end":"2024-01-01T00:00:12Z","total":24}
{"window_start":"2024-01-01T00:00:18Z","window_end":"2024-01-01T00:00:22Z","total":32}
{"window_start":"2024-01-01T00:00:18Z","window_end":"2024-01-01T00:00:24Z","total":32}
*/
