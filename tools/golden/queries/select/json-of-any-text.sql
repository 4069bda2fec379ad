-- Fault 1.1.19: JSON functions give NULL for text that is no JSON, and where a path leads nowhere.
CREATE TABLE v (id BIGINT, s TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, extract_json_string(s, '$.a') AS string, get_first_json_object(s, '$.a') AS first, JSON_VALUE(s, '$.a') AS json_value, JSON_VALUE(s, 'lax $.a') AS lax,
  JSON_QUERY(s, '$') AS query, s ->> 'a' AS text, s -> 'a' AS json, json_get_int(s, 'a') AS int, json_get_float(s, 'a') AS float, json_get_bool(s, 'a') AS bool,
  json_get_str(s, 'a') AS str, json_contains(s, 'a') AS contains, json_length(s) AS length, TRY_CAST(s AS JSON) AS try
FROM v;

/* input v
{"id":1,"s":"{\"a\":\"x\"}"}
{"id":2,"s":"no JSON"}
{"id":3,"s":"{\"a\":"}
{"id":4,"s":""}
{"id":5,"s":"[1, 2]"}
{"id":6,"s":"{\"a\": 5}"}
{"id":7}
*/

/* output results
{"id":1,"string":"x","first":"\"x\"","json_value":"x","lax":"x","query":{"a":"x"},"text":"x","json":"x","int":null,"float":null,"bool":null,"str":"x","contains":true,"length":1,"try":{"a":"x"}}
{"id":2,"string":null,"first":null,"json_value":null,"lax":null,"query":null,"text":null,"json":null,"int":null,"float":null,"bool":null,"str":null,"contains":null,"length":null,"try":null}
{"id":3,"string":null,"first":null,"json_value":null,"lax":null,"query":null,"text":null,"json":null,"int":null,"float":null,"bool":null,"str":null,"contains":null,"length":null,"try":null}
{"id":4,"string":null,"first":null,"json_value":null,"lax":null,"query":null,"text":null,"json":null,"int":null,"float":null,"bool":null,"str":null,"contains":null,"length":null,"try":null}
{"id":5,"string":null,"first":null,"json_value":null,"lax":null,"query":[1, 2],"text":null,"json":null,"int":null,"float":null,"bool":null,"str":null,"contains":false,"length":2,"try":[1, 2]}
{"id":6,"string":null,"first":"5","json_value":"5","lax":"5","query":{"a": 5},"text":"5","json":5,"int":5,"float":5,"bool":null,"str":null,"contains":true,"length":1,"try":{"a": 5}}
{"id":7,"string":null,"first":null,"json_value":null,"lax":null,"query":null,"text":null,"json":null,"int":null,"float":null,"bool":null,"str":null,"contains":null,"length":null,"try":null}
*/
