-- json.decimal_encoding = 'string' writes decimals so; both are read.
CREATE TABLE v (id BIGINT NOT NULL, c DECIMAL(38, 10)) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json', 'json.decimal_encoding' = 'string');
INSERT INTO results SELECT id, c, c > 0 AS positive FROM v;

/* input v
{"id":1,"c":"1234567890123456789012345678.0123456789"}
{"id":2,"c":1.5}
{"id":3,"c":-1234567890123456789012345678.9}
{"id":4}
{"id":5,"c":1e3}
*/

/* output results
{"id":1,"c":"1234567890123456789012345678.0123456789","positive":true}
{"id":2,"c":"1.5000000000","positive":true}
{"id":3,"c":"-1234567890123456789012345678.9000000000","positive":false}
{"id":4,"c":null,"positive":null}
{"id":5,"c":"1000.0000000000","positive":true}
*/
