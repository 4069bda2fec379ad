-- json.unstructured: the whole value as one JSON column.
CREATE TABLE v (value JSON) WITH (connector = 'world', format = 'json', 'json.unstructured' = 'true');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT value ->> 'id' AS id, json_get_int(value, 'n') + 1 AS n, value FROM v;

/* input v
{"id":1,"n":1}
{"id":"two"}
[1,2]
"text"
{"n":9007199254740993}
*/

/* output results
{"id":"1","n":2,"value":{"id":1,"n":1}}
{"id":"two","n":null,"value":{"id":"two"}}
{"id":null,"n":9007199254740994,"value":{"n":9007199254740993}}
{"id":null,"n":null,"value":"text"}
{"id":null,"n":null,"value":[1,2]}
*/
