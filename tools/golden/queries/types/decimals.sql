-- Decimals are exact; a product has the digits of both, a quotient rounds half away from zero.
CREATE TABLE v (id BIGINT NOT NULL, price BIGINT, amount DECIMAL(12, 2), rate DECIMAL(6, 4)) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  0.908 * price AS euros,
  amount + rate AS sum,
  amount - 0.01 AS less,
  amount * rate AS product,
  round(amount * rate, 2) AS rounded,
  amount > 0.1 AS more,
  -amount AS minus,
  abs(amount) AS abs,
  amount % 0.25 AS rest,
  CAST(amount / 3 AS DECIMAL(14, 4)) AS third,
  ceil(amount) AS up, floor(amount) AS down, trunc(amount) AS cut
FROM v;

/* input v
{"id":1,"price":100,"amount":10.10,"rate":0.5}
{"id":2,"price":9007199254740993,"amount":9999999999.99,"rate":99.9999}
{"id":3,"price":-5,"amount":-0.05,"rate":0.0001}
{"id":4,"amount":"12.34","rate":1}
{"id":5}
{"id":6,"price":0,"amount":0,"rate":-1.5}
*/

/* output results
{"id":1,"euros":90.800,"sum":10.6000,"less":10.09,"product":5.050000,"rounded":5.050000,"more":true,"minus":-10.10,"abs":10.10,"rest":0.10,"third":3.3667,"up":11,"down":10,"cut":10}
{"id":2,"euros":8178536923304821.644,"sum":10000000099.9899,"less":9999999999.98,"product":999998999999.000001,"rounded":999998999999.000000,"more":true,"minus":-9999999999.99,"abs":9999999999.99,"rest":0.24,"third":3333333333.3300,"up":10000000000,"down":9999999999,"cut":9999999999}
{"id":3,"euros":-4.540,"sum":-0.0499,"less":-0.06,"product":-0.000005,"rounded":0.000000,"more":false,"minus":0.05,"abs":0.05,"rest":-0.05,"third":-0.0167,"up":0,"down":-1,"cut":0}
{"id":4,"euros":null,"sum":13.3400,"less":12.33,"product":12.340000,"rounded":12.340000,"more":true,"minus":-12.34,"abs":12.34,"rest":0.09,"third":4.1133,"up":13,"down":12,"cut":12}
{"id":5,"euros":null,"sum":null,"less":null,"product":null,"rounded":null,"more":null,"minus":null,"abs":null,"rest":null,"third":null,"up":null,"down":null,"cut":null}
{"id":6,"euros":0.000,"sum":-1.5000,"less":-0.01,"product":0.000000,"rounded":0.000000,"more":false,"minus":0.00,"abs":0.00,"rest":0.00,"third":0.0000,"up":0,"down":0,"cut":0}
*/
