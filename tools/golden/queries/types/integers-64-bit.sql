-- 64-bit integers keep every digit, through JSON, arithmetic and comparisons.
CREATE TABLE v (id BIGINT NOT NULL, n BIGINT, u BIGINT UNSIGNED) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, n, u, n - 1 AS less, n / 10 AS tenth, n % 1000 AS rest, -n AS minus, n = 9007199254740993 AS is_odd, n > 9007199254740992 AS over, n::TEXT AS text
FROM v WHERE n > -9223372036854775807;

/* input v
{"id":1,"n":9223372036854775807,"u":18446744073709551615}
{"id":2,"n":9007199254740993,"u":9007199254740993}
{"id":3,"n":9007199254740992,"u":0}
{"id":4,"n":-9223372036854775807,"u":1}
{"id":5,"n":-9007199254740993,"u":9223372036854775808}
{"id":6,"n":-9223372036854775806}
{"id":7,"n":1}
{"id":8}
*/

/* output results
{"id":1,"n":9223372036854775807,"u":18446744073709551615,"less":9223372036854775806,"tenth":922337203685477580,"rest":807,"minus":-9223372036854775807,"is_odd":false,"over":true,"text":"9223372036854775807"}
{"id":2,"n":9007199254740993,"u":9007199254740993,"less":9007199254740992,"tenth":900719925474099,"rest":993,"minus":-9007199254740993,"is_odd":true,"over":true,"text":"9007199254740993"}
{"id":3,"n":9007199254740992,"u":0,"less":9007199254740991,"tenth":900719925474099,"rest":992,"minus":-9007199254740992,"is_odd":false,"over":false,"text":"9007199254740992"}
{"id":5,"n":-9007199254740993,"u":9223372036854775808,"less":-9007199254740994,"tenth":-900719925474099,"rest":-993,"minus":9007199254740993,"is_odd":false,"over":false,"text":"-9007199254740993"}
{"id":6,"n":-9223372036854775806,"u":null,"less":-9223372036854775807,"tenth":-922337203685477580,"rest":-806,"minus":9223372036854775806,"is_odd":false,"over":false,"text":"-9223372036854775806"}
{"id":7,"n":1,"u":null,"less":0,"tenth":0,"rest":1,"minus":-1,"is_odd":false,"over":false,"text":"1"}
*/
