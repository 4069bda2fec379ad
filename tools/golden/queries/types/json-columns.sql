-- JSON columns keep their text: digits, order of keys, white space aside.
CREATE TABLE v (id BIGINT NOT NULL, j JSON) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, j, j::TEXT AS text, j IS NULL AS missing, '{"a": 1}'::JSON AS fixed FROM v;

/* input v
{"id":1,"j":{"b":1.10,"a":[1e5,12345678901234567890]}}
{"id":2,"j":"text"}
{"id":3,"j":null}
{"id":4}
{"id":5,"j":[true,false,null]}
{"id":6,"j":-0.0}
*/

/* output results
{"id":1,"j":{"b":1.10,"a":[1e5,12345678901234567890]},"text":"{\"b\":1.10,\"a\":[1e5,12345678901234567890]}","missing":false,"fixed":{"a": 1}}
{"id":2,"j":"text","text":"\"text\"","missing":false,"fixed":{"a": 1}}
{"id":3,"j":null,"text":null,"missing":true,"fixed":{"a": 1}}
{"id":4,"j":null,"text":null,"missing":true,"fixed":{"a": 1}}
{"id":5,"j":[true,false,null],"text":"[true,false,null]","missing":false,"fixed":{"a": 1}}
{"id":6,"j":-0.0,"text":"-0.0","missing":false,"fixed":{"a": 1}}
*/
