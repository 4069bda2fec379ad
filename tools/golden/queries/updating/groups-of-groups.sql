-- Groups of groups: what was counted is taken back; min, max, DISTINCT and avg over rows that are updated; HAVING; keys of a table that are none of the query's.
CREATE TABLE bids (auction BIGINT, price DOUBLE, name TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE sizes (n BIGINT, auctions BIGINT, least DOUBLE, most DOUBLE, mean DOUBLE, first_name TEXT, names BIGINT, PRIMARY KEY (n)) WITH (connector = 'world', format = 'json');
CREATE TABLE big (auction BIGINT, n BIGINT, PRIMARY KEY (auction)) WITH (connector = 'world', format = 'json');
CREATE TABLE changes (auction BIGINT, n BIGINT) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE by_size (n BIGINT, auction BIGINT, PRIMARY KEY (n)) WITH (connector = 'world', format = 'json');
CREATE VIEW per_auction AS SELECT auction, count(*) AS n, sum(price) AS total, max(name) AS name FROM bids GROUP BY auction;
INSERT INTO sizes SELECT n, count(*), min(total), max(total), avg(total), min(name), count(DISTINCT name) FROM per_auction GROUP BY n;
INSERT INTO big SELECT auction, count(*) FROM bids GROUP BY auction HAVING count(*) % 3 <> 0;
INSERT INTO changes SELECT auction, n FROM per_auction WHERE n < 4;
INSERT INTO by_size SELECT n, max(auction) FROM (SELECT auction, n % 3 AS n FROM per_auction WHERE auction < 3) GROUP BY n;

/* input bids
{"auction":1,"price":1.5,"name":"b"}
{"auction":2,"price":2,"name":"a"}
{"auction":1,"price":2.5,"name":"c"}
{"auction":3,"price":4,"name":"a"}
{"auction":1,"price":0.5,"name":null}
{"auction":2,"price":8,"name":"b"}

{"auction":4,"price":16,"name":"d"}
{"auction":5,"price":null,"name":null}
{"auction":1,"price":32,"name":"z"}
{"auction":3,"price":64,"name":"y"}
{"auction":6,"price":-1,"name":"x"}
{"auction":5,"price":0.25,"name":"x"}
*/

/* output big
{"auction":1,"n":4}
{"auction":2,"n":2}
{"auction":3,"n":2}
{"auction":4,"n":1}
{"auction":5,"n":2}
{"auction":6,"n":1}
*/

/* output by_size
{"n":1,"auction":1}
{"n":2,"auction":2}
*/

/* output changes
{"auction":2,"n":2}
{"auction":3,"n":2}
{"auction":4,"n":1}
{"auction":5,"n":2}
{"auction":6,"n":1}
*/

/* output sizes
{"n":1,"auctions":2,"least":-1,"most":16,"mean":7.5,"first_name":"d","names":2}
{"n":2,"auctions":3,"least":0.25,"most":68,"mean":26.083333333333332,"first_name":"b","names":3}
{"n":4,"auctions":1,"least":36.5,"most":36.5,"mean":36.5,"first_name":"z","names":1}
*/
