-- Fields of dates and times, truncation, bins, formats.
CREATE TABLE v (id BIGINT NOT NULL, ts TIMESTAMP, day DATE) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id,
  extract(year FROM ts) AS y, extract(month FROM ts) AS mo, extract(day FROM ts) AS d, extract(hour FROM ts) AS h, extract(minute FROM ts) AS mi,
  extract(second FROM ts) AS s, extract(dow FROM ts) AS dow, extract(isodow FROM ts) AS isodow, extract(doy FROM ts) AS doy, extract(week FROM ts) AS w,
  extract(quarter FROM ts) AS q, extract(epoch FROM ts) AS e, extract(day FROM day) AS dd, date_part('year', ts) AS py,
  date_trunc('hour', ts) AS hour, date_trunc('week', ts) AS week, date_trunc('month', ts) AS month, date_trunc('quarter', ts) AS quarter,
  date_bin(INTERVAL '15 minutes', ts, TIMESTAMP '2000-01-01') AS bin, ts::DATE AS date, day::TIMESTAMP AS midnight,
  to_char(ts, 'YYYY-MM-DD HH24:MI:SS.MS') AS text, date_format(ts, 'yyyy/MM/dd HH:mm') AS flink, unix_timestamp(ts) AS secs, unix_millis(ts) AS ms, unix_micros(ts) AS us
FROM v;

/* input v
{"id":1,"ts":"2024-02-29T13:45:59.123456Z","day":"2024-02-29"}
{"id":2,"ts":"1969-12-31T23:59:59.999999Z","day":"1969-12-31"}
{"id":3,"ts":"2021-01-03T00:00:00Z","day":"2021-01-03"}
{"id":4}
{"id":5,"ts":"2000-12-31T12:00:00Z","day":"0001-01-01"}
*/

/* output results
{"id":1,"y":2024,"mo":2,"d":29,"h":13,"mi":45,"s":59.123456,"dow":4,"isodow":4,"doy":60,"w":9,"q":1,"e":1709214359.123456,"dd":29,"py":2024,"hour":"2024-02-29T13:00:00Z","week":"2024-02-26T00:00:00Z","month":"2024-02-01T00:00:00Z","quarter":"2024-01-01T00:00:00Z","bin":"2024-02-29T13:45:00Z","date":"2024-02-29","midnight":"2024-02-29T00:00:00Z","text":"2024-02-29 13:45:59.123","flink":"2024/02/29 13:45","secs":1709214359,"ms":1709214359123,"us":1709214359123456}
{"id":2,"y":1969,"mo":12,"d":31,"h":23,"mi":59,"s":59.999999,"dow":3,"isodow":3,"doy":365,"w":1,"q":4,"e":-0.000001,"dd":31,"py":1969,"hour":"1969-12-31T23:00:00Z","week":"1969-12-29T00:00:00Z","month":"1969-12-01T00:00:00Z","quarter":"1969-10-01T00:00:00Z","bin":"1969-12-31T23:45:00Z","date":"1969-12-31","midnight":"1969-12-31T00:00:00Z","text":"1969-12-31 23:59:59.999","flink":"1969/12/31 23:59","secs":-1,"ms":-1,"us":-1}
{"id":3,"y":2021,"mo":1,"d":3,"h":0,"mi":0,"s":0.000000,"dow":0,"isodow":7,"doy":3,"w":53,"q":1,"e":1609632000.000000,"dd":3,"py":2021,"hour":"2021-01-03T00:00:00Z","week":"2020-12-28T00:00:00Z","month":"2021-01-01T00:00:00Z","quarter":"2021-01-01T00:00:00Z","bin":"2021-01-03T00:00:00Z","date":"2021-01-03","midnight":"2021-01-03T00:00:00Z","text":"2021-01-03 00:00:00.000","flink":"2021/01/03 00:00","secs":1609632000,"ms":1609632000000,"us":1609632000000000}
{"id":4,"y":null,"mo":null,"d":null,"h":null,"mi":null,"s":null,"dow":null,"isodow":null,"doy":null,"w":null,"q":null,"e":null,"dd":null,"py":null,"hour":null,"week":null,"month":null,"quarter":null,"bin":null,"date":null,"midnight":null,"text":null,"flink":null,"secs":null,"ms":null,"us":null}
{"id":5,"y":2000,"mo":12,"d":31,"h":12,"mi":0,"s":0.000000,"dow":0,"isodow":7,"doy":366,"w":52,"q":4,"e":978264000.000000,"dd":1,"py":2000,"hour":"2000-12-31T12:00:00Z","week":"2000-12-25T00:00:00Z","month":"2000-12-01T00:00:00Z","quarter":"2000-10-01T00:00:00Z","bin":"2000-12-31T12:00:00Z","date":"2000-12-31","midnight":"0001-01-01T00:00:00Z","text":"2000-12-31 12:00:00.000","flink":"2000/12/31 12:00","secs":978264000,"ms":978264000000,"us":978264000000000}
*/
