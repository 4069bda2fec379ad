-- TRIM in its forms.
CREATE TABLE v (id BIGINT NOT NULL, s TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, trim(s) AS t, ltrim(s) AS l, rtrim(s) AS r, btrim(s, 'x ') AS b, trim(BOTH 'x' FROM s) AS both, trim(LEADING FROM s) AS leading,
  trim(TRAILING 'x' FROM s) AS trailing, lpad(s, 3) AS short, rpad(s, 2, 'ab') AS cut, lpad(s, 8, 'äö') AS filled
FROM v;

/* input v
{"id":1,"s":"  a b  "}
{"id":2,"s":"xxax"}
{"id":3,"s":"x"}
{"id":4,"s":""}
{"id":5}
{"id":6,"s":"\ttab\n"}
*/

/* output results
{"id":1,"t":"a b","l":"a b  ","r":"  a b","b":"a b","both":"  a b  ","leading":"a b  ","trailing":"  a b  ","short":"  a","cut":"  ","filled":"ä  a b  "}
{"id":2,"t":"xxax","l":"xxax","r":"xxax","b":"a","both":"a","leading":"xxax","trailing":"xxa","short":"xxa","cut":"xx","filled":"äöäöxxax"}
{"id":3,"t":"x","l":"x","r":"x","b":"","both":"","leading":"x","trailing":"","short":"  x","cut":"xa","filled":"äöäöäöäx"}
{"id":4,"t":"","l":"","r":"","b":"","both":"","leading":"","trailing":"","short":"   ","cut":"ab","filled":"äöäöäöäö"}
{"id":5,"t":null,"l":null,"r":null,"b":null,"both":null,"leading":null,"trailing":null,"short":null,"cut":null,"filled":null}
{"id":6,"t":"\ttab\n","l":"\ttab\n","r":"\ttab\n","b":"\ttab\n","both":"\ttab\n","leading":"\ttab\n","trailing":"\ttab\n","short":"\tta","cut":"\tt","filled":"äöä\ttab\n"}
*/
