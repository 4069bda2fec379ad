-- Structs in lists in structs and maps pass through, NULLs in all places.
CREATE TABLE v (id BIGINT NOT NULL, s STRUCT<a BIGINT, l ARRAY<STRUCT<x BIGINT, y TEXT>>, m MAP<TEXT, BIGINT>>, l BIGINT[], ll TEXT[][], m MAP<TEXT, STRUCT<z DECIMAL(5, 2)>>) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, s, s.l AS sl, l, ll, m, s.m AS sm FROM v;

/* input v
{"id":1,"s":{"a":9223372036854775807,"l":[{"x":1,"y":"a"},{"x":null},null],"m":{"k":1,"n":null}},"l":[1,null,9007199254740993],"ll":[["a","b"],[],null,["c"]],"m":{"p":{"z":1.5},"q":null}}
{"id":2,"s":{},"l":[],"ll":[],"m":{}}
{"id":3,"s":null,"l":null,"ll":null,"m":null}
{"id":4}
{"id":5,"ll":[[null,"\u00e4\n\"q\""]],"s":{"m":{"ключ":2},"l":[],"a":-1},"m":{"":{"z":"7.25"}}}
*/

/* output results
{"id":1,"s":{"a":9223372036854775807,"l":[{"x":1,"y":"a"},{"x":null,"y":null},null],"m":{"k":1,"n":null}},"sl":[{"x":1,"y":"a"},{"x":null,"y":null},null],"l":[1,null,9007199254740993],"ll":[["a","b"],[],null,["c"]],"m":{"p":{"z":1.50},"q":null},"sm":{"k":1,"n":null}}
{"id":2,"s":{"a":null,"l":null,"m":null},"sl":null,"l":[],"ll":[],"m":{},"sm":null}
{"id":3,"s":null,"sl":null,"l":null,"ll":null,"m":null,"sm":null}
{"id":4,"s":null,"sl":null,"l":null,"ll":null,"m":null,"sm":null}
{"id":5,"s":{"a":-1,"l":[],"m":{"ключ":2}},"sl":[],"l":null,"ll":[[null,"ä\n\"q\""]],"m":{"":{"z":7.25}},"sm":{"ключ":2}}
*/
