-- JSON values of another kind than their column's: docs/sql.md has the table.
CREATE TABLE v (id BIGINT NOT NULL, s TEXT, b BOOLEAN, n BIGINT, d DOUBLE) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT * FROM v;

/* input v
{"id":1,"s":1.50,"b":"true","n":"7","d":"0.5"}
{"id":"2","s":true,"b":1,"n":7.0,"d":1}
{"id":3,"s":{"a": [1,"x\n"]},"b":"no","n":1e3,"d":"NaN"}
{"id":4,"s":[],"b":0,"n":null}
*/

/* output results
{"id":1,"s":"1.50","b":true,"n":7,"d":0.5}
{"id":2,"s":"true","b":true,"n":7,"d":1}
{"id":3,"s":"{\"a\": [1,\"x\\n\"]}","b":false,"n":1000,"d":"NaN"}
{"id":4,"s":"[]","b":false,"n":null,"d":null}
*/
