-- A slide that does not divide the size.
-- primary-key: results(start, item)
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT item, w.start AS start, w.end AS "end", n FROM (SELECT item, hop(INTERVAL '7 seconds', INTERVAL '10 seconds') AS w, count(*) AS n FROM orders GROUP BY item, w) AS x;

/* input orders
{"id":1,"item":"a","price":10,"ts":"2024-01-01T00:00:01Z"}
{"id":2,"item":"b","price":20,"ts":"2024-01-01T00:00:02Z"}
{"id":3,"item":"a","price":null,"ts":"2024-01-01T00:00:03Z"}
{"id":4,"item":null,"price":5,"ts":"2024-01-01T00:00:09.999999Z"}
{"id":5,"item":"a","price":7,"ts":"2024-01-01T00:00:10Z"}
{"id":6,"item":"b","price":-3,"ts":"2024-01-01T00:00:14.5Z"}
{"id":7,"item":"b","price":100,"ts":"2024-01-01T00:00:19Z"}
{"id":8,"item":"a","price":1,"ts":"2024-01-01T00:00:20Z"}
{"id":9,"item":"c","price":9007199254740993,"ts":"2024-01-01T00:00:25Z"}
{"id":10,"item":"c","price":9007199254740993,"ts":"2024-01-01T00:00:25Z"}
{"id":11,"item":"a","price":2,"ts":"2024-01-01T00:00:47Z"}
{"id":12,"item":"b","price":3,"ts":"2024-01-01T00:00:59.9Z"}
*/

/* output results
{"item":"a","start":"2023-12-31T23:59:57Z","end":"2024-01-01T00:00:07Z","n":2}
{"item":"a","start":"2024-01-01T00:00:04Z","end":"2024-01-01T00:00:14Z","n":1}
{"item":"a","start":"2024-01-01T00:00:11Z","end":"2024-01-01T00:00:21Z","n":1}
{"item":"a","start":"2024-01-01T00:00:18Z","end":"2024-01-01T00:00:28Z","n":1}
{"item":"a","start":"2024-01-01T00:00:39Z","end":"2024-01-01T00:00:49Z","n":1}
{"item":"a","start":"2024-01-01T00:00:46Z","end":"2024-01-01T00:00:56Z","n":1}
{"item":"b","start":"2023-12-31T23:59:57Z","end":"2024-01-01T00:00:07Z","n":1}
{"item":"b","start":"2024-01-01T00:00:11Z","end":"2024-01-01T00:00:21Z","n":2}
{"item":"b","start":"2024-01-01T00:00:18Z","end":"2024-01-01T00:00:28Z","n":1}
{"item":"b","start":"2024-01-01T00:00:53Z","end":"2024-01-01T00:01:03Z","n":1}
{"item":"c","start":"2024-01-01T00:00:18Z","end":"2024-01-01T00:00:28Z","n":2}
{"item":"c","start":"2024-01-01T00:00:25Z","end":"2024-01-01T00:00:35Z","n":2}
{"item":null,"start":"2024-01-01T00:00:04Z","end":"2024-01-01T00:00:14Z","n":1}
*/
