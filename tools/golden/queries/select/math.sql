-- Mathematical functions.
CREATE TABLE v (id BIGINT NOT NULL, n BIGINT, d DOUBLE, c DECIMAL(8, 3)) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, abs(n) AS abs, sign(n) AS sn, sign(d) AS sd, ceil(d) AS up, floor(d) AS down, trunc(d) AS cut, round(d) AS rounded, round(c) AS c_rounded,
  round(c, 1) AS c_one, trunc(c, 2) AS c_two, sqrt(abs(d)) AS root, power(d, 2) AS square, exp(0.0) AS one, ln(1.0) AS zero, log10(1000.0) AS three,
  gcd(n, 12) AS gcd, lcm(n, 4) AS lcm, n / 2 AS half, n % 3 AS rest, mod(n, 5) AS m, n & 6 AS bits, n | 1 AS ored, n # 3 AS xored, ~n AS inverted, n << 2 AS shifted, n >> 1 AS back,
  pi() > 3.14159 AS pie, atan2(d, 1.0) = atan(d) AS same_angle, cbrt(27.0) AS cube, degrees(pi()) AS half_turn
FROM v;

/* input v
{"id":1,"n":7,"d":2.5,"c":2.345}
{"id":2,"n":-7,"d":-2.5,"c":-2.345}
{"id":3,"n":0,"d":0.4,"c":0.05}
{"id":4,"n":8,"d":3.5,"c":12345.678}
{"id":5}
*/

/* output results
{"id":1,"abs":7,"sn":1,"sd":1,"up":3,"down":2,"cut":2,"rounded":2,"c_rounded":2,"c_one":2.300,"c_two":2.340,"root":1.5811388300841898,"square":6.25,"one":1,"zero":0,"three":3,"gcd":1,"lcm":28,"half":3,"rest":1,"m":2,"bits":6,"ored":7,"xored":4,"inverted":-8,"shifted":28,"back":3,"pie":true,"same_angle":true,"cube":3,"half_turn":180}
{"id":2,"abs":7,"sn":-1,"sd":-1,"up":-2,"down":-3,"cut":-2,"rounded":-2,"c_rounded":-2,"c_one":-2.300,"c_two":-2.340,"root":1.5811388300841898,"square":6.25,"one":1,"zero":0,"three":3,"gcd":1,"lcm":28,"half":-3,"rest":-1,"m":-2,"bits":0,"ored":-7,"xored":-6,"inverted":6,"shifted":-28,"back":-4,"pie":true,"same_angle":true,"cube":3,"half_turn":180}
{"id":3,"abs":0,"sn":0,"sd":1,"up":1,"down":0,"cut":0,"rounded":0,"c_rounded":0,"c_one":0.100,"c_two":0.050,"root":0.6324555320336759,"square":0.16000000000000003,"one":1,"zero":0,"three":3,"gcd":12,"lcm":0,"half":0,"rest":0,"m":0,"bits":0,"ored":1,"xored":3,"inverted":-1,"shifted":0,"back":0,"pie":true,"same_angle":true,"cube":3,"half_turn":180}
{"id":4,"abs":8,"sn":1,"sd":1,"up":4,"down":3,"cut":3,"rounded":4,"c_rounded":12346,"c_one":12345.700,"c_two":12345.670,"root":1.8708286933869707,"square":12.25,"one":1,"zero":0,"three":3,"gcd":4,"lcm":8,"half":4,"rest":2,"m":3,"bits":0,"ored":9,"xored":11,"inverted":-9,"shifted":32,"back":4,"pie":true,"same_angle":true,"cube":3,"half_turn":180}
{"id":5,"abs":null,"sn":null,"sd":null,"up":null,"down":null,"cut":null,"rounded":null,"c_rounded":null,"c_one":null,"c_two":null,"root":null,"square":null,"one":1,"zero":0,"three":3,"gcd":null,"lcm":null,"half":null,"rest":null,"m":null,"bits":null,"ored":null,"xored":null,"inverted":null,"shifted":null,"back":null,"pie":true,"same_angle":null,"cube":3,"half_turn":180}
*/
