-- Every aggregate over integers; NULLs don't count, nothing but NULLs gives NULL (count: 0).
CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, price BIGINT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1 second') WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT item, tumble(INTERVAL '20 seconds') AS w, count(*) AS rows, count(price) AS n, sum(price) AS total, min(price) AS least, max(price) AS most, avg(price) AS mean, sum(price) + 1 AS more, max(price) - min(price) AS spread
FROM orders GROUP BY item, w;

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
{"item":"a","w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:20Z"},"rows":3,"n":2,"total":17,"least":7,"most":10,"mean":8.5,"more":18,"spread":3}
{"item":"a","w":{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:40Z"},"rows":1,"n":1,"total":1,"least":1,"most":1,"mean":1,"more":2,"spread":0}
{"item":"a","w":{"start":"2024-01-01T00:00:40Z","end":"2024-01-01T00:01:00Z"},"rows":1,"n":1,"total":2,"least":2,"most":2,"mean":2,"more":3,"spread":0}
{"item":"b","w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:20Z"},"rows":3,"n":3,"total":117,"least":-3,"most":100,"mean":39,"more":118,"spread":103}
{"item":"b","w":{"start":"2024-01-01T00:00:40Z","end":"2024-01-01T00:01:00Z"},"rows":1,"n":1,"total":3,"least":3,"most":3,"mean":3,"more":4,"spread":0}
{"item":"c","w":{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:40Z"},"rows":2,"n":2,"total":18014398509481986,"least":9007199254740993,"most":9007199254740993,"mean":9007199254740992,"more":18014398509481987,"spread":0}
{"item":null,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:20Z"},"rows":1,"n":1,"total":5,"least":5,"most":5,"mean":5,"more":6,"spread":0}
*/
