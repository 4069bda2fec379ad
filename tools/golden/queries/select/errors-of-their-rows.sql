-- Fault 1.1.9: an error belongs to the row that evaluates it; branches that no row takes are never looked at.
CREATE TABLE v (id BIGINT, x BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  CASE 1 WHEN 2 THEN 42 / 0 END AS simple,
  CASE WHEN FALSE THEN x / 0 ELSE x END AS searched,
  COALESCE(7, 1 / 0) AS coalesced,
  IF(TRUE, x, 1 / 0) AS chosen,
  FALSE AND 1 / 0 = 1 AS conjunction,
  x = x OR 1 / 0 = 1 AS disjunction,
  CASE WHEN x = 0 THEN NULL ELSE 100 / x END AS quotient,
  CASE WHEN id < 0 THEN CAST('x' AS INT) ELSE 1 END AS cast_of_others,
  CASE WHEN id < 0 THEN regexp_like('a', '(') ELSE TRUE END AS pattern_of_others,
  COALESCE(NULLIF(x, 0), id) AS divisor
FROM v WHERE x IS NOT NULL AND (x = 0 OR 100 / x > 0);

/* input v
{"id":1,"x":5}
{"id":2,"x":0}
{"id":3,"x":null}
{"id":4,"x":-5}
*/

/* output results
{"id":1,"simple":null,"searched":5,"coalesced":7,"chosen":5,"conjunction":false,"disjunction":true,"quotient":20,"cast_of_others":1,"pattern_of_others":true,"divisor":5}
{"id":2,"simple":null,"searched":0,"coalesced":7,"chosen":0,"conjunction":false,"disjunction":true,"quotient":null,"cast_of_others":1,"pattern_of_others":true,"divisor":2}
*/
