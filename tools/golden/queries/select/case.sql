-- CASE in both forms, and the functions that stand for it.
CREATE TABLE orders (id BIGINT NOT NULL, price BIGINT, item TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  CASE WHEN price < 10 THEN 'cheap' WHEN price < 100 THEN 'fair' ELSE 'dear' END AS class,
  CASE WHEN price > 50 THEN price END AS only_high,
  CASE item WHEN 'nail' THEN 1 WHEN 'saw' THEN 2 WHEN NULL THEN 3 ELSE 4 END AS code,
  CASE WHEN item IS NULL THEN CASE WHEN price IS NULL THEN 'nothing' ELSE 'price only' END ELSE item END AS nested,
  coalesce(item, price::TEXT, '?') AS first_known,
  nullif(price, 10) AS not_ten,
  greatest(price, id, 5) AS most,
  least(price, id) AS fewest,
  if(price > 10, 'y', 'n') AS yn,
  ifnull(item, 'none') AS item_or_none,
  nvl(price, -1) AS price_or_minus
FROM orders;

/* input orders
{"id":1,"price":3,"item":"nail"}
{"id":2,"price":10,"item":"saw"}
{"id":3,"price":100}
{"id":4,"item":"glue"}
{"id":5}
{"id":6,"price":60,"item":""}
*/

/* output results
{"id":1,"class":"cheap","only_high":null,"code":1,"nested":"nail","first_known":"nail","not_ten":3,"most":5,"fewest":1,"yn":"n","item_or_none":"nail","price_or_minus":3}
{"id":2,"class":"fair","only_high":null,"code":2,"nested":"saw","first_known":"saw","not_ten":null,"most":10,"fewest":2,"yn":"n","item_or_none":"saw","price_or_minus":10}
{"id":3,"class":"dear","only_high":100,"code":4,"nested":"price only","first_known":"100","not_ten":100,"most":100,"fewest":3,"yn":"y","item_or_none":"none","price_or_minus":100}
{"id":4,"class":"dear","only_high":null,"code":4,"nested":"glue","first_known":"glue","not_ten":null,"most":5,"fewest":4,"yn":"n","item_or_none":"glue","price_or_minus":-1}
{"id":5,"class":"dear","only_high":null,"code":4,"nested":"nothing","first_known":"?","not_ten":null,"most":5,"fewest":5,"yn":"n","item_or_none":"none","price_or_minus":-1}
{"id":6,"class":"fair","only_high":60,"code":4,"nested":"","first_known":"","not_ten":60,"most":60,"fewest":6,"yn":"y","item_or_none":"","price_or_minus":60}
*/
