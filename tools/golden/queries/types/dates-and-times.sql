-- DATE and TIME in and out, compared and cast.
CREATE TABLE v (id BIGINT NOT NULL, d DATE, t TIME) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, d, t, d::TEXT AS d_text, t::TEXT AS t_text, d > DATE '2000-01-01' AS late, t + INTERVAL '90 minutes' AS later, '2024-02-29'::DATE AS leap, extract(hour FROM t) AS h
FROM v WHERE t IS NULL OR t < TIME '23:00:00';

/* input v
{"id":1,"d":"2024-02-29","t":"12:34:56.789"}
{"id":2,"d":"0001-01-01","t":"00:00:00"}
{"id":3,"d":"9999-12-31","t":"22:59:59.999999"}
{"id":4}
{"id":5,"d":"1969-12-31","t":"23:00:00"}
*/

/* output results
{"id":1,"d":"2024-02-29","t":"12:34:56.789","d_text":"2024-02-29","t_text":"12:34:56.789","late":true,"later":"14:04:56.789","leap":"2024-02-29","h":12}
{"id":2,"d":"0001-01-01","t":"00:00:00","d_text":"0001-01-01","t_text":"00:00:00","late":false,"later":"01:30:00","leap":"2024-02-29","h":0}
{"id":3,"d":"9999-12-31","t":"22:59:59.999999","d_text":"9999-12-31","t_text":"22:59:59.999999","late":true,"later":"00:29:59.999999","leap":"2024-02-29","h":22}
{"id":4,"d":null,"t":null,"d_text":null,"t_text":null,"late":null,"later":null,"leap":"2024-02-29","h":null}
*/
