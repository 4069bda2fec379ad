-- Doubles: shortest digits that read back the same.
CREATE TABLE v (id BIGINT NOT NULL, d DOUBLE, r FLOAT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, d, r, d + 0.1 AS plus, d * 3 AS triple, d / 3 AS third, TRY_CAST(d AS FLOAT) AS single, d < 0 AS negative, round(d) AS rounded, abs(d) AS abs
FROM v;

/* input v
{"id":1,"d":0.1,"r":0.1}
{"id":2,"d":1e300,"r":16777217}
{"id":3,"d":-0.5,"r":-1.5}
{"id":4,"d":5e-10,"r":1e-5}
{"id":5}
{"id":6,"d":2.5,"r":3}
{"id":7,"d":123456789012345680000,"r":0}
{"id":8,"d":1.5e21,"r":3e38}
*/

/* output results
{"id":1,"d":0.1,"r":0.1,"plus":0.2,"triple":0.30000000000000004,"third":0.03333333333333333,"single":0.1,"negative":false,"rounded":0,"abs":0.1}
{"id":2,"d":1e+300,"r":16777216,"plus":1e+300,"triple":3e+300,"third":3.3333333333333335e+299,"single":null,"negative":false,"rounded":1e+300,"abs":1e+300}
{"id":3,"d":-0.5,"r":-1.5,"plus":-0.4,"triple":-1.5,"third":-0.16666666666666666,"single":-0.5,"negative":true,"rounded":0,"abs":0.5}
{"id":4,"d":5e-10,"r":0.00001,"plus":0.1000000005,"triple":1.5000000000000002e-9,"third":1.6666666666666669e-10,"single":5e-10,"negative":false,"rounded":0,"abs":5e-10}
{"id":5,"d":null,"r":null,"plus":null,"triple":null,"third":null,"single":null,"negative":null,"rounded":null,"abs":null}
{"id":6,"d":2.5,"r":3,"plus":2.6,"triple":7.5,"third":0.8333333333333334,"single":2.5,"negative":false,"rounded":2,"abs":2.5}
{"id":7,"d":123456789012345680000,"r":0,"plus":123456789012345680000,"triple":370370367037037100000,"third":41152263004115230000,"single":123456790000000000000,"negative":false,"rounded":123456789012345680000,"abs":123456789012345680000}
{"id":8,"d":1.5e+21,"r":3e+38,"plus":1.5e+21,"triple":4.5e+21,"third":500000000000000000000,"single":1.5e+21,"negative":false,"rounded":1.5e+21,"abs":1.5e+21}
*/
