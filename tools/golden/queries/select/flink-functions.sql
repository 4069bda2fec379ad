-- Fault 1.1.17: functions that carry Flink's name give what Flink's give; where PostgreSQL has one of the same name, docs/sql.md says which is taken.
CREATE TABLE v (id BIGINT, s TEXT, ts TIMESTAMP) WITH (connector = 'world', format = 'json');
CREATE TABLE times WITH (connector = 'world', format = 'json');
INSERT INTO times SELECT
  id, YEAR(ts) AS y, QUARTER(ts) AS q, MONTH(ts) AS mo, WEEK(ts) AS w, DAYOFYEAR(ts) AS doy, DAYOFMONTH(ts) AS dom, DAYOFWEEK(ts) AS dow,
  HOUR(ts) AS h, MINUTE(ts) AS mi, SECOND(ts) AS sec, EXTRACT(SECOND FROM ts) AS pg_second, EXTRACT(DOW FROM ts) AS pg_dow,
  FROM_UNIXTIME(UNIX_TIMESTAMP(ts)) AS text, FROM_UNIXTIME(44, 'mm:ss') AS by_pattern, UNIX_TIMESTAMP('1970-01-01 00:01:00') AS secs,
  TO_TIMESTAMP(s) AS parsed, TO_DATE(s) AS day
FROM v;
CREATE TABLE texts WITH (connector = 'world', format = 'json');
INSERT INTO texts SELECT
  id, REGEXP_EXTRACT(s, '[0-9]') AS whole, REGEXP_EXTRACT(s, '([a-z])([0-9])', 1) AS letter, REGEXP(s, '^a') AS begins,
  SPLIT_INDEX(s, 'b', 0) AS field0, SPLIT_INDEX(s, 'b', 1) AS field1, SPLIT_INDEX(s, 'b', 7) AS field7, SPLIT_INDEX(s, 'b', -1) AS before,
  LOCATE('2', s) AS located, LOCATE('a', s, 2) AS later, INSTR(s, '2') AS instr, POSITION('2' IN s) AS position,
  STARTSWITH(s, 'a1') AS starts, ENDSWITH(s, '2') AS ends, CONCAT_WS('-', s, NULL, 'x') AS joined,
  IF(id = 1, 'one', 'other') AS chosen, IFNULL(s, 'none') AS filled,
  -- PostgreSQL's, see docs/sql.md
  CONCAT(s, NULL, 'x') AS concat, GREATEST(id, NULL, 2) AS greatest, LEAST(id, NULL, 2) AS least, REGEXP_REPLACE('a1b2', '[0-9]', '#') AS first,
  REGEXP_REPLACE('a1b2', '[0-9]', '#', 'g') AS every, CAST(2.5 AS INT) AS rounded, SUBSTRING('abcdef', -1, 4) AS part, LEFT('abc', -1) AS all_but_last,
  LOG(100) AS log10, LPAD('abc', 2) AS cut, ROUND(2.5E0) AS half_even, ROUND(2.5) AS half_up
FROM v;

/* input v
{"id":1,"s":"a1b2","ts":"2024-03-03T10:11:59.999999Z"}
{"id":2,"s":"2024-02-29 10:11:12","ts":"1969-12-31T23:59:59.5Z"}
{"id":3,"s":"","ts":"2026-01-01T00:00:00Z"}
{"id":4}
*/

/* output texts
{"id":1,"whole":"1","letter":"a","begins":true,"field0":"a1","field1":"2","field7":null,"before":null,"located":4,"later":0,"instr":4,"position":4,"starts":true,"ends":true,"joined":"a1b2-x","chosen":"one","filled":"a1b2","concat":"a1b2x","greatest":2,"least":1,"first":"a#b2","every":"a#b#","rounded":3,"part":"ab","all_but_last":"ab","log10":2,"cut":"ab","half_even":2,"half_up":3}
{"id":2,"whole":"2","letter":null,"begins":false,"field0":"2024-02-29 10:11:12","field1":null,"field7":null,"before":null,"located":1,"later":0,"instr":1,"position":1,"starts":false,"ends":true,"joined":"2024-02-29 10:11:12-x","chosen":"other","filled":"2024-02-29 10:11:12","concat":"2024-02-29 10:11:12x","greatest":2,"least":2,"first":"a#b2","every":"a#b#","rounded":3,"part":"ab","all_but_last":"ab","log10":2,"cut":"ab","half_even":2,"half_up":3}
{"id":3,"whole":null,"letter":null,"begins":false,"field0":null,"field1":null,"field7":null,"before":null,"located":0,"later":0,"instr":0,"position":0,"starts":false,"ends":false,"joined":"-x","chosen":"other","filled":"","concat":"x","greatest":3,"least":2,"first":"a#b2","every":"a#b#","rounded":3,"part":"ab","all_but_last":"ab","log10":2,"cut":"ab","half_even":2,"half_up":3}
{"id":4,"whole":null,"letter":null,"begins":null,"field0":null,"field1":null,"field7":null,"before":null,"located":null,"later":null,"instr":null,"position":null,"starts":null,"ends":null,"joined":"x","chosen":"other","filled":"none","concat":"x","greatest":4,"least":2,"first":"a#b2","every":"a#b#","rounded":3,"part":"ab","all_but_last":"ab","log10":2,"cut":"ab","half_even":2,"half_up":3}
*/

/* output times
{"id":1,"y":2024,"q":1,"mo":3,"w":9,"doy":63,"dom":3,"dow":1,"h":10,"mi":11,"sec":59,"pg_second":59.999999,"pg_dow":0,"text":"2024-03-03 10:11:59","by_pattern":"00:44","secs":60,"parsed":null,"day":null}
{"id":2,"y":1969,"q":4,"mo":12,"w":1,"doy":365,"dom":31,"dow":4,"h":23,"mi":59,"sec":59,"pg_second":59.500000,"pg_dow":3,"text":"1969-12-31 23:59:59","by_pattern":"00:44","secs":60,"parsed":"2024-02-29T10:11:12Z","day":"2024-02-29"}
{"id":3,"y":2026,"q":1,"mo":1,"w":1,"doy":1,"dom":1,"dow":5,"h":0,"mi":0,"sec":0,"pg_second":0.000000,"pg_dow":4,"text":"2026-01-01 00:00:00","by_pattern":"00:44","secs":60,"parsed":null,"day":null}
{"id":4,"y":null,"q":null,"mo":null,"w":null,"doy":null,"dom":null,"dow":null,"h":null,"mi":null,"sec":null,"pg_second":null,"pg_dow":null,"text":null,"by_pattern":"00:44","secs":60,"parsed":null,"day":null}
*/
