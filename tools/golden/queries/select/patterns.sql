-- LIKE, ILIKE, SIMILAR TO, regular expressions.
CREATE TABLE v (id BIGINT NOT NULL, t TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  t LIKE 'a%' AS a_first,
  t LIKE '_b_' AS b_mid,
  t LIKE '%!%%' ESCAPE '!' AS percent,
  t ILIKE 'A%c' AS ac,
  t NOT LIKE '%x%' AS no_x,
  t SIMILAR TO '(a|x)b+c?' AS similar,
  t ~ '^[a-c]+$' AS abc,
  t ~* 'B' AS any_b,
  t !~ 'b' AS without_b,
  regexp_like(t, 'b+') AS likes,
  regexp_count(t, '[a-z]') AS letters,
  regexp_replace(t, '([a-z])b', '<\1>') AS marked,
  regexp_replace(t, 'B', '-', 'gi') AS dashed,
  regexp_substr(t, '[0-9]+') AS digits,
  regexp_extract(t, '([a-z]+)([0-9]+)', 2) AS second
FROM v;

/* input v
{"id":1,"t":"abc"}
{"id":2,"t":"xbbc"}
{"id":3,"t":"100%"}
{"id":4,"t":"aBC12"}
{"id":5,"t":""}
{"id":6}
{"id":7,"t":"ab"}
{"id":8,"t":"äb7"}
*/

/* output results
{"id":1,"a_first":true,"b_mid":true,"percent":false,"ac":true,"no_x":true,"similar":true,"abc":true,"any_b":true,"without_b":false,"likes":true,"letters":3,"marked":"<a>c","dashed":"a-c","digits":null,"second":null}
{"id":2,"a_first":false,"b_mid":false,"percent":false,"ac":false,"no_x":false,"similar":true,"abc":false,"any_b":true,"without_b":false,"likes":true,"letters":4,"marked":"<x>bc","dashed":"x--c","digits":null,"second":null}
{"id":3,"a_first":false,"b_mid":false,"percent":true,"ac":false,"no_x":true,"similar":false,"abc":false,"any_b":false,"without_b":true,"likes":false,"letters":0,"marked":"100%","dashed":"100%","digits":"100","second":null}
{"id":4,"a_first":true,"b_mid":false,"percent":false,"ac":false,"no_x":true,"similar":false,"abc":false,"any_b":true,"without_b":true,"likes":false,"letters":1,"marked":"aBC12","dashed":"a-C12","digits":"12","second":null}
{"id":5,"a_first":false,"b_mid":false,"percent":false,"ac":false,"no_x":true,"similar":false,"abc":false,"any_b":false,"without_b":true,"likes":false,"letters":0,"marked":"","dashed":"","digits":null,"second":null}
{"id":6,"a_first":null,"b_mid":null,"percent":null,"ac":null,"no_x":null,"similar":null,"abc":null,"any_b":null,"without_b":null,"likes":null,"letters":null,"marked":null,"dashed":null,"digits":null,"second":null}
{"id":7,"a_first":true,"b_mid":false,"percent":false,"ac":false,"no_x":true,"similar":true,"abc":true,"any_b":true,"without_b":false,"likes":true,"letters":2,"marked":"<a>","dashed":"a-","digits":null,"second":null}
{"id":8,"a_first":false,"b_mid":true,"percent":false,"ac":false,"no_x":true,"similar":false,"abc":false,"any_b":true,"without_b":false,"likes":true,"letters":1,"marked":"äb7","dashed":"ä-7","digits":"7","second":"7"}
*/
