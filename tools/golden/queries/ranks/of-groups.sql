-- The first rows of groups that are updated: who is out comes back when a better one goes down; rows of joins that are taken back.
CREATE TABLE sales (shop TEXT, item TEXT, amount BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE shops (name TEXT, city TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE best (shop TEXT, place BIGINT, item TEXT, total BIGINT, PRIMARY KEY (shop, place)) WITH (connector = 'world', format = 'json');
INSERT INTO best SELECT shop, place, item, total FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY total DESC) AS place FROM (SELECT shop, item, sum(amount) AS total FROM sales GROUP BY shop, item)
) WHERE place <= 2;
CREATE TABLE largest WITH (connector = 'world', format = 'debezium_json');
INSERT INTO largest SELECT shop, total FROM (SELECT shop, sum(amount) AS total FROM sales GROUP BY shop) ORDER BY total DESC LIMIT 1;
CREATE TABLE without_city WITH (connector = 'world', format = 'debezium_json');
INSERT INTO without_city SELECT shop, amount FROM (SELECT s.shop, s.amount, c.city FROM sales s LEFT JOIN shops c ON s.shop = c.name) WHERE city IS NULL QUALIFY RANK() OVER (ORDER BY amount DESC) <= 2;

/* input sales
{"shop":"a","item":"x","amount":10}
{"shop":"a","item":"y","amount":20}
{"shop":"a","item":"z","amount":5}
{"shop":"b","item":"x","amount":7}

{"shop":"a","item":"y","amount":-18}
{"shop":"b","item":"y","amount":30}
{"shop":"a","item":"z","amount":1}
*/

/* input shops

{"name":"b","city":"B"}
*/

/* output best
{"shop":"a","place":1,"item":"x","total":10}
{"shop":"a","place":2,"item":"z","total":6}
{"shop":"b","place":1,"item":"y","total":30}
{"shop":"b","place":2,"item":"x","total":7}
*/

/* output largest
{"shop":"b","total":37}
*/

/* output without_city
{"shop":"a","amount":10}
{"shop":"a","amount":20}
*/
