-- BETWEEN, IN, IS DISTINCT FROM with NULLs; text compares by code point.
CREATE TABLE v (id BIGINT NOT NULL, n BIGINT, t TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  n BETWEEN 2 AND 4 AS mid,
  n NOT BETWEEN 2 AND 4 AS not_mid,
  n IN (1, 3, 5) AS odd,
  n NOT IN (1, 3, NULL) AS not_known,
  t IN ('a', 'b') AS ab,
  n IS DISTINCT FROM 3 AS not_three,
  n IS NOT DISTINCT FROM NULL AS unknown,
  n <> 3 AS ne,
  t >= 'b' AS t_ge,
  t < 'é' AS before_e,
  t = 'B' AS is_upper_b
FROM v;

/* input v
{"id":1,"n":1,"t":"a"}
{"id":2,"n":3,"t":"b"}
{"id":3,"n":4,"t":"B"}
{"id":4,"n":5,"t":"é"}
{"id":5,"t":"zz"}
{"id":6,"n":2}
*/

/* output results
{"id":1,"mid":false,"not_mid":true,"odd":true,"not_known":false,"ab":true,"not_three":true,"unknown":false,"ne":true,"t_ge":false,"before_e":true,"is_upper_b":false}
{"id":2,"mid":true,"not_mid":false,"odd":true,"not_known":false,"ab":true,"not_three":false,"unknown":false,"ne":false,"t_ge":true,"before_e":true,"is_upper_b":false}
{"id":3,"mid":true,"not_mid":false,"odd":false,"not_known":null,"ab":false,"not_three":true,"unknown":false,"ne":true,"t_ge":false,"before_e":true,"is_upper_b":true}
{"id":4,"mid":false,"not_mid":true,"odd":true,"not_known":null,"ab":false,"not_three":true,"unknown":false,"ne":true,"t_ge":true,"before_e":false,"is_upper_b":false}
{"id":5,"mid":null,"not_mid":null,"odd":null,"not_known":null,"ab":false,"not_three":true,"unknown":true,"ne":null,"t_ge":true,"before_e":true,"is_upper_b":false}
{"id":6,"mid":true,"not_mid":false,"odd":false,"not_known":null,"ab":null,"not_three":true,"unknown":false,"ne":true,"t_ge":null,"before_e":null,"is_upper_b":null}
*/
