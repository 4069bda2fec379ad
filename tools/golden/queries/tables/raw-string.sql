-- raw_string: the record is the text.
CREATE TABLE v (value TEXT) WITH (connector = 'world', format = 'raw_string');
CREATE TABLE results (value TEXT) WITH (connector = 'world', format = 'raw_string');
CREATE TABLE parsed WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT upper(value) FROM v WHERE length(value) > 2;
INSERT INTO parsed SELECT split_part(value, ',', 1) AS a, TRY_CAST(split_part(value, ',', 2) AS BIGINT) AS b FROM v;

/* input v
one,1
two,2
x
three
drei,ä3
*/

/* output parsed
{"a":"drei","b":null}
{"a":"one","b":1}
{"a":"three","b":null}
{"a":"two","b":2}
{"a":"x","b":null}
*/

/* output results
DREI,Ä3
ONE,1
THREE
TWO,2
*/
