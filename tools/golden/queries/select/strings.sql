-- String functions. Positions count characters, not bytes or UTF-16 units.
CREATE TABLE v (id BIGINT NOT NULL, s TEXT, n BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  upper(s) AS up, lower(s) AS low, initcap(s) AS init, length(s) AS len, octet_length(s) AS bytes, bit_length(s) AS bits,
  s || '!' AS bang, concat(s, '-', n) AS joined, concat_ws('/', s, NULL, 'x') AS path,
  left(s, n) AS lefts, right(s, n) AS rights, lpad(s, 6, '*') AS lp, rpad(s, 6, '*') AS rp,
  substring(s, 2, 3) AS sub, substring(s FROM 2) AS tail, position('b' IN s) AS at_b, strpos(s, 'ü') AS at_u,
  repeat(s, 2) AS twice, replace(s, 'b', 'B') AS replaced, reverse(s) AS reversed, split_part(s, ' ', 2) AS word,
  starts_with(s, 'a') AS a_first, ends_with(s, 'c') AS c_last, translate(s, 'abc', 'xy') AS translated,
  overlay(s PLACING '##' FROM 2 FOR 1) AS overlaid, ascii(s) AS code, chr(n + 64) AS letter
FROM v;

/* input v
{"id":1,"s":"abc","n":2}
{"id":2,"s":"über all","n":-1}
{"id":3,"s":"","n":1}
{"id":4,"s":"😀b😀","n":1}
{"id":5,"s":"Hello wORLD abc","n":5}
{"id":6}
*/

/* output results
{"id":1,"up":"ABC","low":"abc","init":"Abc","len":3,"bytes":3,"bits":24,"bang":"abc!","joined":"abc-2","path":"abc/x","lefts":"ab","rights":"bc","lp":"***abc","rp":"abc***","sub":"bc","tail":"bc","at_b":2,"at_u":0,"twice":"abcabc","replaced":"aBc","reversed":"cba","word":"","a_first":true,"c_last":true,"translated":"xy","overlaid":"a##c","code":97,"letter":"B"}
{"id":2,"up":"ÜBER ALL","low":"über all","init":"Über All","len":8,"bytes":9,"bits":72,"bang":"über all!","joined":"über all--1","path":"über all/x","lefts":"über al","rights":"ber all","lp":"über a","rp":"über a","sub":"ber","tail":"ber all","at_b":2,"at_u":1,"twice":"über allüber all","replaced":"üBer all","reversed":"lla rebü","word":"all","a_first":false,"c_last":false,"translated":"üyer xll","overlaid":"ü##er all","code":252,"letter":"?"}
{"id":3,"up":"","low":"","init":"","len":0,"bytes":0,"bits":0,"bang":"!","joined":"-1","path":"/x","lefts":"","rights":"","lp":"******","rp":"******","sub":"","tail":"","at_b":0,"at_u":0,"twice":"","replaced":"","reversed":"","word":"","a_first":false,"c_last":false,"translated":"","overlaid":"##","code":0,"letter":"A"}
{"id":4,"up":"😀B😀","low":"😀b😀","init":"😀B😀","len":3,"bytes":9,"bits":72,"bang":"😀b😀!","joined":"😀b😀-1","path":"😀b😀/x","lefts":"😀","rights":"😀","lp":"***😀b😀","rp":"😀b😀***","sub":"b😀","tail":"b😀","at_b":2,"at_u":0,"twice":"😀b😀😀b😀","replaced":"😀B😀","reversed":"😀b😀","word":"","a_first":false,"c_last":false,"translated":"😀y😀","overlaid":"😀##😀","code":128512,"letter":"A"}
{"id":5,"up":"HELLO WORLD ABC","low":"hello world abc","init":"Hello World Abc","len":15,"bytes":15,"bits":120,"bang":"Hello wORLD abc!","joined":"Hello wORLD abc-5","path":"Hello wORLD abc/x","lefts":"Hello","rights":"D abc","lp":"Hello ","rp":"Hello ","sub":"ell","tail":"ello wORLD abc","at_b":14,"at_u":0,"twice":"Hello wORLD abcHello wORLD abc","replaced":"Hello wORLD aBc","reversed":"cba DLROw olleH","word":"wORLD","a_first":false,"c_last":true,"translated":"Hello wORLD xy","overlaid":"H##llo wORLD abc","code":72,"letter":"E"}
{"id":6,"up":null,"low":null,"init":null,"len":null,"bytes":null,"bits":null,"bang":null,"joined":"-","path":"x","lefts":null,"rights":null,"lp":null,"rp":null,"sub":null,"tail":null,"at_b":null,"at_u":null,"twice":null,"replaced":null,"reversed":null,"word":null,"a_first":null,"c_last":null,"translated":null,"overlaid":null,"code":null,"letter":null}
*/
