-- Sessions in all spellings: they merge where a row lies within the gap of both; late rows count only if their session still goes on.
CREATE TABLE clicks (person TEXT, price BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '4' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT person, count(*) AS n, sum(price) AS total, min(person) AS least, max(price) AS most, session(INTERVAL '5 seconds') AS w FROM clicks GROUP BY person, w;
CREATE TABLE old_spelling WITH (connector = 'world', format = 'json');
INSERT INTO old_spelling SELECT person, count(*) AS n, SESSION_START(ts, INTERVAL '5' SECOND) AS since, SESSION_END(ts, INTERVAL '5' SECOND) AS until FROM clicks GROUP BY person, SESSION(ts, INTERVAL '5' SECOND);
CREATE TABLE table_function WITH (connector = 'world', format = 'json');
INSERT INTO table_function SELECT person, window_start, window_end, count(price) AS n FROM TABLE(SESSION(TABLE clicks PARTITION BY person, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY person, window_start, window_end;
CREATE TABLE of_all WITH (connector = 'world', format = 'json');
INSERT INTO of_all SELECT count(*) AS n, window_start, window_end, window_time FROM TABLE(SESSION(DATA => TABLE clicks, TIMECOL => DESCRIPTOR(ts), GAP => INTERVAL '3 seconds')) GROUP BY window_start, window_end, window_time;

/* input clicks
{"person":"a","price":1,"ts":"2024-01-01T00:00:00Z"}
{"person":"a","price":2,"ts":"2024-01-01T00:00:09Z"}
{"person":"b","price":10,"ts":"2024-01-01T00:00:02Z"}
{"person":"a","price":4,"ts":"2024-01-01T00:00:05Z"}
{"person":null,"price":100,"ts":"2024-01-01T00:00:03Z"}

{"person":"b","price":null,"ts":"2024-01-01T00:00:07.001Z"}
{"person":"a","price":8,"ts":"2024-01-01T00:00:20Z"}
{"person":"b","price":20,"ts":"2024-01-01T00:00:19Z"}
{"person":"a","price":16,"ts":"2024-01-01T00:00:24Z"}
{"person":"b","price":9007199254740993,"ts":"2024-01-01T00:00:22Z"}
*/

/* output of_all
{"n":4,"window_start":"2024-01-01T00:00:19Z","window_end":"2024-01-01T00:00:27Z","window_time":"2024-01-01T00:00:26.999Z"}
{"n":6,"window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:12Z","window_time":"2024-01-01T00:00:11.999Z"}
*/

/* output old_spelling
{"person":"a","n":2,"since":"2024-01-01T00:00:20Z","until":"2024-01-01T00:00:29Z"}
{"person":"a","n":3,"since":"2024-01-01T00:00:00Z","until":"2024-01-01T00:00:14Z"}
{"person":"b","n":1,"since":"2024-01-01T00:00:02Z","until":"2024-01-01T00:00:07Z"}
{"person":"b","n":1,"since":"2024-01-01T00:00:07.001Z","until":"2024-01-01T00:00:12.001Z"}
{"person":"b","n":2,"since":"2024-01-01T00:00:19Z","until":"2024-01-01T00:00:27Z"}
{"person":null,"n":1,"since":"2024-01-01T00:00:03Z","until":"2024-01-01T00:00:08Z"}
*/

/* output results
{"person":"a","n":2,"total":24,"least":"a","most":16,"w":{"start":"2024-01-01T00:00:20Z","end":"2024-01-01T00:00:29Z"}}
{"person":"a","n":3,"total":7,"least":"a","most":4,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:14Z"}}
{"person":"b","n":1,"total":10,"least":"b","most":10,"w":{"start":"2024-01-01T00:00:02Z","end":"2024-01-01T00:00:07Z"}}
{"person":"b","n":1,"total":null,"least":"b","most":null,"w":{"start":"2024-01-01T00:00:07.001Z","end":"2024-01-01T00:00:12.001Z"}}
{"person":"b","n":2,"total":9007199254741013,"least":"b","most":9007199254740993,"w":{"start":"2024-01-01T00:00:19Z","end":"2024-01-01T00:00:27Z"}}
{"person":null,"n":1,"total":100,"least":null,"most":100,"w":{"start":"2024-01-01T00:00:03Z","end":"2024-01-01T00:00:08Z"}}
*/

/* output table_function
{"person":"a","window_start":"2024-01-01T00:00:00Z","window_end":"2024-01-01T00:00:14Z","n":3}
{"person":"a","window_start":"2024-01-01T00:00:20Z","window_end":"2024-01-01T00:00:29Z","n":2}
{"person":"b","window_start":"2024-01-01T00:00:02Z","window_end":"2024-01-01T00:00:07Z","n":1}
{"person":"b","window_start":"2024-01-01T00:00:07.001Z","window_end":"2024-01-01T00:00:12.001Z","n":0}
{"person":"b","window_start":"2024-01-01T00:00:19Z","window_end":"2024-01-01T00:00:27Z","n":2}
{"person":null,"window_start":"2024-01-01T00:00:03Z","window_end":"2024-01-01T00:00:08Z","n":1}
*/
