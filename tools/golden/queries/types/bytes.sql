-- BYTEA is base64 in JSON.
CREATE TABLE v (id BIGINT NOT NULL, b BYTEA) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, b, length(b) AS size, encode(b, 'hex') AS hex, b = decode('00ff', 'hex') AS same, b || decode('01', 'hex') AS longer FROM v;

/* input v
{"id":1,"b":"AP8="}
{"id":2,"b":""}
{"id":3}
{"id":4,"b":"3q2+7w=="}
*/

/* output results
{"id":1,"b":"AP8=","size":2,"hex":"00ff","same":true,"longer":"AP8B"}
{"id":2,"b":"","size":0,"hex":"","same":false,"longer":"AQ=="}
{"id":3,"b":null,"size":null,"hex":null,"same":null,"longer":null}
{"id":4,"b":"3q2+7w==","size":4,"hex":"deadbeef","same":false,"longer":"3q2+7wE="}
*/
