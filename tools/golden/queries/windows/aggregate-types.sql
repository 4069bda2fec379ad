-- min, max, sum, avg, count over every type that has them.
CREATE TABLE v (k INT, d DOUBLE, r FLOAT, c DECIMAL(10, 2), s TEXT, b BOOLEAN, day DATE, at TIME, i TINYINT, u BIGINT UNSIGNED, ts TIMESTAMP NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results
SELECT k, tumble(INTERVAL '1 minute') AS w, sum(d) AS sd, avg(d) AS ad, min(d) AS mind, max(r) AS maxr, sum(r) AS sr, sum(c) AS sc, avg(c) AS ac, min(c) AS minc, max(c) AS maxc,
  min(s) AS mins, max(s) AS maxs, count(b) AS nb, min(day) AS minday, max(at) AS maxat, sum(i) AS si, avg(i) AS ai, max(i) AS maxi, max(u) AS maxu, min(ts) AS first, max(ts) AS last, min(b) AS minb
FROM v GROUP BY k, w;

/* input v
{"k":1,"d":0.5,"r":1.5,"c":1.10,"s":"b","b":true,"day":"2024-01-02","at":"12:00:00","i":127,"u":18446744073709551615,"ts":"2024-01-01T00:00:00Z"}
{"k":1,"d":-0.25,"r":2.5,"c":2.20,"s":"a","b":false,"day":"2024-01-01","at":"13:00:00.5","i":127,"u":1,"ts":"2024-01-01T00:00:01Z"}
{"k":1,"c":-99999999.99,"s":"ä","i":-128,"ts":"2024-01-01T00:00:02Z"}
{"k":2,"ts":"2024-01-01T00:00:03Z"}
{"k":2,"d":1e300,"s":"","c":0.01,"ts":"2024-01-01T00:00:04.5Z"}
{"d":3,"s":"z","ts":"2024-01-01T00:01:04.5Z"}
{"d":4,"s":"y","c":1.5,"ts":"2024-01-01T00:01:05Z"}
{"d":5,"s":"Y","c":1.25,"ts":"2024-01-01T00:01:06Z"}
*/

/* output results
{"k":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:01:00Z"},"sd":0.25,"ad":0.125,"mind":-0.25,"maxr":2.5,"sr":4,"sc":-99999996.69,"ac":-33333332.230000,"minc":-99999999.99,"maxc":2.20,"mins":"a","maxs":"ä","nb":2,"minday":"2024-01-01","maxat":"13:00:00.500","si":126,"ai":42,"maxi":127,"maxu":18446744073709551615,"first":"2024-01-01T00:00:00Z","last":"2024-01-01T00:00:02Z","minb":false}
{"k":2,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:01:00Z"},"sd":1e+300,"ad":1e+300,"mind":1e+300,"maxr":null,"sr":null,"sc":0.01,"ac":0.010000,"minc":0.01,"maxc":0.01,"mins":"","maxs":"","nb":0,"minday":null,"maxat":null,"si":null,"ai":null,"maxi":null,"maxu":null,"first":"2024-01-01T00:00:03Z","last":"2024-01-01T00:00:04.500Z","minb":null}
{"k":null,"w":{"start":"2024-01-01T00:01:00Z","end":"2024-01-01T00:02:00Z"},"sd":12,"ad":4,"mind":3,"maxr":null,"sr":null,"sc":2.75,"ac":1.375000,"minc":1.25,"maxc":1.50,"mins":"Y","maxs":"z","nb":0,"minday":null,"maxat":null,"si":null,"ai":null,"maxi":null,"maxu":null,"first":"2024-01-01T00:01:04.500Z","last":"2024-01-01T00:01:06Z","minb":null}
*/
