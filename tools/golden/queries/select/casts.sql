-- Casts between numbers, text, booleans, dates. DOUBLE to integer rounds half to even, DECIMAL half away from zero, as PostgreSQL.
CREATE TABLE v (id BIGINT NOT NULL, t TEXT, n BIGINT, d DOUBLE, c DECIMAL(10, 3), b BOOLEAN) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  CAST(t AS BIGINT) AS t_int,
  n::TEXT AS n_text,
  n::DOUBLE AS n_double,
  n::DECIMAL(12, 2) AS n_decimal,
  d::BIGINT AS d_int,
  d::TEXT AS d_text,
  d::DECIMAL(10, 2) AS d_decimal,
  c::BIGINT AS c_int,
  c::TEXT AS c_text,
  c::DOUBLE AS c_double,
  c::DECIMAL(10, 1) AS c_narrow,
  b::INT AS b_int,
  b::TEXT AS b_text,
  n::INT = 1 AS n_is_one
FROM v;

/* input v
{"id":1,"t":"42","n":1,"d":2.5,"c":1.250,"b":true}
{"id":2,"t":" -7 ","n":-12,"d":3.5,"c":-1.250,"b":false}
{"id":3,"t":"9223372036854775807","n":1000000,"d":-2.5,"c":0.5}
{"id":4}
{"id":5,"t":"0","n":0,"d":12345678.5,"c":9999999.999,"b":true}
{"id":6,"t":"-0","n":-1,"d":0.1,"c":0.001,"b":false}
*/

/* output results
{"id":1,"t_int":42,"n_text":"1","n_double":1,"n_decimal":1.00,"d_int":2,"d_text":"2.5","d_decimal":2.50,"c_int":1,"c_text":"1.250","c_double":1.25,"c_narrow":1.3,"b_int":1,"b_text":"true","n_is_one":true}
{"id":2,"t_int":-7,"n_text":"-12","n_double":-12,"n_decimal":-12.00,"d_int":4,"d_text":"3.5","d_decimal":3.50,"c_int":-1,"c_text":"-1.250","c_double":-1.25,"c_narrow":-1.3,"b_int":0,"b_text":"false","n_is_one":false}
{"id":3,"t_int":9223372036854775807,"n_text":"1000000","n_double":1000000,"n_decimal":1000000.00,"d_int":-2,"d_text":"-2.5","d_decimal":-2.50,"c_int":1,"c_text":"0.500","c_double":0.5,"c_narrow":0.5,"b_int":null,"b_text":null,"n_is_one":false}
{"id":4,"t_int":null,"n_text":null,"n_double":null,"n_decimal":null,"d_int":null,"d_text":null,"d_decimal":null,"c_int":null,"c_text":null,"c_double":null,"c_narrow":null,"b_int":null,"b_text":null,"n_is_one":null}
{"id":5,"t_int":0,"n_text":"0","n_double":0,"n_decimal":0.00,"d_int":12345678,"d_text":"12345678.5","d_decimal":12345678.50,"c_int":10000000,"c_text":"9999999.999","c_double":9999999.999,"c_narrow":10000000.0,"b_int":1,"b_text":"true","n_is_one":false}
{"id":6,"t_int":0,"n_text":"-1","n_double":-1,"n_decimal":-1.00,"d_int":0,"d_text":"0.1","d_decimal":0.10,"c_int":0,"c_text":"0.001","c_double":0.001,"c_narrow":0.0,"b_int":0,"b_text":"false","n_is_one":false}
*/
