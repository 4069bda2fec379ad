-- What INSERT casts by itself: wider and narrower numbers, constants in quotes.
CREATE TABLE v (n BIGINT, c DECIMAL(10, 4), d DOUBLE) WITH (connector = 'world', format = 'json');
CREATE TABLE results (i INT, d DOUBLE, c DECIMAL(6, 1), s SMALLINT, k BIGINT, day DATE) WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT n, c, d, c, '42', '2024-02-29' FROM v;

/* input v
{"n":1,"c":1.25,"d":0.5}
{"n":-2147483648,"c":-2.55}
{"n":2147483647,"c":3.4999}
{"c":4}
*/

/* output results
{"i":-2147483648,"d":-2.55,"c":null,"s":-3,"k":42,"day":"2024-02-29"}
{"i":1,"d":1.25,"c":0.5,"s":1,"k":42,"day":"2024-02-29"}
{"i":2147483647,"d":3.4999,"c":null,"s":3,"k":42,"day":"2024-02-29"}
{"i":null,"d":4,"c":null,"s":4,"k":42,"day":"2024-02-29"}
*/
