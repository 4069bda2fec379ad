-- A row passes only where the condition is TRUE: neither FALSE nor NULL do.
CREATE TABLE facts (id BIGINT NOT NULL, a BOOLEAN, b BOOLEAN) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT id, a AND b AS both, a OR b AS either, NOT a AS no_a, a IS NOT TRUE AS a_not_true, b IS FALSE AS b_false, b IS NULL AS b_null
FROM facts WHERE (a OR b) IS DISTINCT FROM FALSE AND NOT (a AND b IS NULL AND id > 100);

/* input facts
{"id":1,"a":true,"b":true}
{"id":2,"a":true,"b":false}
{"id":3,"a":true,"b":null}
{"id":4,"a":false,"b":true}
{"id":5,"a":false,"b":false}
{"id":6,"a":false}
{"id":7,"b":true}
{"id":8,"b":false}
{"id":9}
{"id":101,"a":true}
{"id":102,"a":true,"b":true}
*/

/* output results
{"id":1,"both":true,"either":true,"no_a":false,"a_not_true":false,"b_false":false,"b_null":false}
{"id":102,"both":true,"either":true,"no_a":false,"a_not_true":false,"b_false":false,"b_null":false}
{"id":2,"both":false,"either":true,"no_a":false,"a_not_true":false,"b_false":true,"b_null":false}
{"id":3,"both":null,"either":true,"no_a":false,"a_not_true":false,"b_false":false,"b_null":true}
{"id":4,"both":false,"either":true,"no_a":true,"a_not_true":true,"b_false":false,"b_null":false}
{"id":6,"both":false,"either":null,"no_a":true,"a_not_true":true,"b_false":false,"b_null":true}
{"id":7,"both":null,"either":true,"no_a":null,"a_not_true":true,"b_false":false,"b_null":false}
{"id":8,"both":false,"either":null,"no_a":null,"a_not_true":true,"b_false":true,"b_null":false}
{"id":9,"both":null,"either":null,"no_a":null,"a_not_true":true,"b_false":false,"b_null":true}
*/
