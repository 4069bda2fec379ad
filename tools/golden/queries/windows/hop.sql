-- hop(slide, size).
-- primary-key: results(start)
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT w.start AS start, w.end AS "end", n, total FROM (SELECT hop(INTERVAL '5 seconds', INTERVAL '20 seconds') AS w, count(*) AS n, sum(price) AS total FROM orders WHERE id < 9 GROUP BY 1) AS x;

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
{"start":"2023-12-31T23:59:45Z","end":"2024-01-01T00:00:05Z","n":3,"total":30}
{"start":"2023-12-31T23:59:50Z","end":"2024-01-01T00:00:10Z","n":4,"total":35}
{"start":"2023-12-31T23:59:55Z","end":"2024-01-01T00:00:15Z","n":6,"total":39}
{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:20Z","n":7,"total":139}
{"start":"2024-01-01T00:00:05Z","end":"2024-01-01T00:00:25Z","n":5,"total":110}
{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:30Z","n":4,"total":105}
{"start":"2024-01-01T00:00:15Z","end":"2024-01-01T00:00:35Z","n":2,"total":101}
{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:40Z","n":1,"total":1}
*/
