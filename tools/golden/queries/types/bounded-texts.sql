-- Fault 1.1.15: CAST to VARCHAR(n) and CHAR(n) cuts off; a column keeps its bound: spaces at the end go, CHAR is filled up.
CREATE TABLE v (id BIGINT, s VARCHAR(3), b BYTEA, doubled VARCHAR(6) GENERATED ALWAYS AS (s)) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, CAST('abcdef' AS VARCHAR(3)) AS constant, CAST(s AS VARCHAR(2)) AS cut, s::CHAR(4) AS padded, CAST(s AS CHAR) AS first, CAST(id * 1000 AS VARCHAR(2)) AS digits,
  TRY_CAST(s AS VARCHAR(1)) AS tried, CAST(b AS VARBINARY(2)) AS bytes, s AS whole, doubled
FROM v;
CREATE TABLE bounded (id BIGINT, v VARCHAR(4), c CHAR(4), b VARBINARY(4), n VARCHAR(3) DEFAULT 'abc') WITH (connector = 'world', format = 'json');
INSERT INTO bounded (id, v, c, b) SELECT id, s, s, b FROM v WHERE char_length(trim(s)) <= 4 OR s IS NULL;

/* input v
{"id":1,"s":"abcd","b":"AQID"}
{"id":2,"s":"añ€😀","b":"AQ=="}
{"id":3,"s":"ab      ","b":""}
{"id":4}
*/

/* output bounded
{"id":1,"v":"abcd","c":"abcd","b":"AQID","n":"abc"}
{"id":2,"v":"añ€😀","c":"añ€😀","b":"AQ==","n":"abc"}
{"id":3,"v":"ab  ","c":"ab  ","b":"","n":"abc"}
{"id":4,"v":null,"c":null,"b":null,"n":"abc"}
*/

/* output results
{"id":1,"constant":"abc","cut":"ab","padded":"abcd","first":"a","digits":"10","tried":"a","bytes":"AQI=","whole":"abcd","doubled":"abcd"}
{"id":2,"constant":"abc","cut":"añ","padded":"añ€😀","first":"a","digits":"20","tried":"a","bytes":"AQ==","whole":"añ€😀","doubled":"añ€😀"}
{"id":3,"constant":"abc","cut":"ab","padded":"ab  ","first":"a","digits":"30","tried":"a","bytes":"","whole":"ab      ","doubled":"ab    "}
{"id":4,"constant":"abc","cut":null,"padded":null,"first":null,"digits":"40","tried":null,"bytes":null,"whole":null,"doubled":null}
*/
