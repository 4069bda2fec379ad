-- Columns from an inline JSON Schema.
CREATE TABLE v WITH (connector = 'world', format = 'json', 'json.schema' = '{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"name":{"type":"string"},"at":{"type":"string","format":"date-time"},"score":{"type":"number"},"tags":{"type":"array","items":{"type":"string"}},"who":{"type":"object","properties":{"first":{"type":"string"}}}}}');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, name, at, score, tags, (who).first AS first FROM v;

/* input v
{"id":1,"name":"a","at":"2024-01-01T00:00:00Z","score":1.5,"tags":["x","y"],"who":{"first":"Ada"}}
{"id":2}
{"id":9007199254740993,"tags":[],"score":2}
*/

/* output results
{"id":1,"name":"a","at":"2024-01-01T00:00:00Z","score":1.5,"tags":["x","y"],"first":"Ada"}
{"id":2,"name":null,"at":null,"score":null,"tags":null,"first":null}
{"id":9007199254740993,"name":null,"at":null,"score":2,"tags":[],"first":null}
*/
