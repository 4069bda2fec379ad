-- The ranges of the small integers, and arithmetic that widens nothing.
CREATE TABLE v (id BIGINT NOT NULL, t TINYINT, s SMALLINT, i INT, ut TINYINT UNSIGNED, ui INT UNSIGNED) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, t, s, i, ut, ui, t::BIGINT + s AS ts, i::BIGINT * 2 AS twice, ut::INT + 1 AS more, -i AS minus, t = ut AS same FROM v;

/* input v
{"id":1,"t":127,"s":32767,"i":2147483647,"ut":255,"ui":4294967295}
{"id":2,"t":-128,"s":-32768,"i":-2147483647,"ut":0,"ui":0}
{"id":3,"t":1,"s":1,"i":1,"ut":1,"ui":1}
{"id":4}
*/

/* output results
{"id":1,"t":127,"s":32767,"i":2147483647,"ut":255,"ui":4294967295,"ts":32894,"twice":4294967294,"more":256,"minus":-2147483647,"same":false}
{"id":2,"t":-128,"s":-32768,"i":-2147483647,"ut":0,"ui":0,"ts":-32896,"twice":-4294967294,"more":1,"minus":2147483647,"same":false}
{"id":3,"t":1,"s":1,"i":1,"ut":1,"ui":1,"ts":2,"twice":2,"more":2,"minus":-1,"same":true}
{"id":4,"t":null,"s":null,"i":null,"ut":null,"ui":null,"ts":null,"twice":null,"more":null,"minus":null,"same":null}
*/
