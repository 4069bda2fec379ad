-- JSON columns: operators and functions; numbers keep their digits.
CREATE TABLE v (id BIGINT NOT NULL, j JSON) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, j -> 'a' AS a, j ->> 'a' AS a_text, j -> 'l' -> 0 AS first, j -> 'l' ->> -1 AS last, json_get_int(j, 'a') AS a_int, json_get_str(j, 'a') AS a_str,
  json_get_float(j, 'a') AS a_float, json_get_bool(j, 'a') AS a_bool, json_contains(j, 'a') AS has_a, json_length(j) AS size, json_array_length(j -> 'l') AS len,
  json_value(j, '$.o.x') AS ox, json_query(j, '$.o') AS o, get_first_json_object(j, '$.l[0]') AS l0, extract_json_string(j, '$.o.x') AS ox_str
FROM v;

/* input v
{"id":1,"j":{"a":9007199254740993,"l":[1,"two",null],"o":{"x":"deep"}}}
{"id":2,"j":{"a":"text","l":[],"o":{"x":7}}}
{"id":3,"j":{"a":true,"l":[{"b":1}],"o":[]}}
{"id":4,"j":{"a":null}}
{"id":5,"j":[1,2,3]}
{"id":6,"j":"just text"}
{"id":7,"j":null}
{"id":8}
{"id":9,"j":{"a":1.50, "l" : [ 1.0 ]}}
*/

/* output results
{"id":1,"a":9007199254740993,"a_text":"9007199254740993","first":1,"last":null,"a_int":9007199254740993,"a_str":null,"a_float":9007199254740992,"a_bool":null,"has_a":true,"size":3,"len":3,"ox":"deep","o":{"x":"deep"},"l0":"1","ox_str":"deep"}
{"id":2,"a":"text","a_text":"text","first":null,"last":null,"a_int":null,"a_str":"text","a_float":null,"a_bool":null,"has_a":true,"size":3,"len":0,"ox":"7","o":{"x":7},"l0":null,"ox_str":null}
{"id":3,"a":true,"a_text":"true","first":{"b":1},"last":"{\"b\":1}","a_int":null,"a_str":null,"a_float":null,"a_bool":true,"has_a":true,"size":3,"len":1,"ox":null,"o":[],"l0":"{\"b\":1}","ox_str":null}
{"id":4,"a":null,"a_text":null,"first":null,"last":null,"a_int":null,"a_str":null,"a_float":null,"a_bool":null,"has_a":true,"size":1,"len":null,"ox":null,"o":null,"l0":null,"ox_str":null}
{"id":5,"a":null,"a_text":null,"first":null,"last":null,"a_int":null,"a_str":null,"a_float":null,"a_bool":null,"has_a":false,"size":3,"len":null,"ox":null,"o":null,"l0":null,"ox_str":null}
{"id":6,"a":null,"a_text":null,"first":null,"last":null,"a_int":null,"a_str":null,"a_float":null,"a_bool":null,"has_a":false,"size":null,"len":null,"ox":null,"o":null,"l0":null,"ox_str":null}
{"id":7,"a":null,"a_text":null,"first":null,"last":null,"a_int":null,"a_str":null,"a_float":null,"a_bool":null,"has_a":null,"size":null,"len":null,"ox":null,"o":null,"l0":null,"ox_str":null}
{"id":8,"a":null,"a_text":null,"first":null,"last":null,"a_int":null,"a_str":null,"a_float":null,"a_bool":null,"has_a":null,"size":null,"len":null,"ox":null,"o":null,"l0":null,"ox_str":null}
{"id":9,"a":1.50,"a_text":"1.50","first":1.0,"last":"1.0","a_int":null,"a_str":null,"a_float":1.5,"a_bool":null,"has_a":true,"size":2,"len":1,"ox":null,"o":null,"l0":"1.0","ox_str":null}
*/
