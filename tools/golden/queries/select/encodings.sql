-- Hashes, hex, base64.
CREATE TABLE v (id BIGINT NOT NULL, s TEXT, n BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, md5(s) AS md5, sha256(s) AS sha, to_hex(n) AS hex, encode(s::BYTEA, 'base64') AS b64, encode(s::BYTEA, 'hex') AS h,
  decode('YWJj', 'base64') AS bytes, length(s::BYTEA) AS size
FROM v;

/* input v
{"id":1,"s":"","n":0}
{"id":2,"s":"abc","n":255}
{"id":3,"s":"ü","n":-1}
{"id":4}
*/

/* output results
{"id":1,"md5":"d41d8cd98f00b204e9800998ecf8427e","sha":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","hex":"0","b64":"","h":"","bytes":"YWJj","size":0}
{"id":2,"md5":"900150983cd24fb0d6963f7d28e17f72","sha":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","hex":"ff","b64":"YWJj","h":"616263","bytes":"YWJj","size":3}
{"id":3,"md5":"c03410a5204b21cd8229ff754688d743","sha":"607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f","hex":"ffffffffffffffff","b64":"w7w=","h":"c3bc","bytes":"YWJj","size":2}
{"id":4,"md5":null,"sha":null,"hex":null,"b64":null,"h":null,"bytes":"YWJj","size":null}
*/
