-- The last row of a key by event time is updated; the first one comes once, when the watermark says that there is none before it.
CREATE TABLE logins (person BIGINT, city TEXT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '2' SECOND) WITH (connector = 'world', format = 'json');
CREATE TABLE latest (person BIGINT, city TEXT, ts TIMESTAMP(3), PRIMARY KEY (person)) WITH (connector = 'world', format = 'json');
INSERT INTO latest SELECT person, city, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY person ORDER BY ts DESC) AS n FROM logins) WHERE n = 1;
CREATE TABLE firsts WITH (connector = 'world', format = 'json');
INSERT INTO firsts SELECT person, city, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY person ORDER BY ts) AS n FROM logins) WHERE n <= 1;
CREATE TABLE new_people WITH (connector = 'world', format = 'json');
INSERT INTO new_people SELECT window_start, count(*) AS people FROM TABLE(TUMBLE(TABLE (SELECT person, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY person ORDER BY ts ASC) AS n FROM logins) WHERE n = 1), DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;

/* input logins
{"person":1,"city":"b","ts":"2024-01-01T00:00:02Z"}
{"person":1,"city":"a","ts":"2024-01-01T00:00:01Z"}
{"person":2,"city":"c","ts":"2024-01-01T00:00:03Z"}
{"person":1,"city":"d","ts":"2024-01-01T00:00:09Z"}

{"person":3,"city":"e","ts":"2024-01-01T00:00:12Z"}
{"person":2,"city":"f","ts":"2024-01-01T00:00:11Z"}
{"person":1,"city":"g","ts":"2024-01-01T00:00:14Z"}
{"person":4,"city":"h","ts":"2024-01-01T00:00:30Z"}
*/

/* output firsts
{"person":1,"city":"a","ts":"2024-01-01T00:00:01Z"}
{"person":2,"city":"c","ts":"2024-01-01T00:00:03Z"}
{"person":3,"city":"e","ts":"2024-01-01T00:00:12Z"}
{"person":4,"city":"h","ts":"2024-01-01T00:00:30Z"}
*/

/* output latest
{"person":1,"city":"g","ts":"2024-01-01T00:00:14Z"}
{"person":2,"city":"f","ts":"2024-01-01T00:00:11Z"}
{"person":3,"city":"e","ts":"2024-01-01T00:00:12Z"}
{"person":4,"city":"h","ts":"2024-01-01T00:00:30Z"}
*/

/* output new_people
{"window_start":"2024-01-01T00:00:00Z","people":2}
{"window_start":"2024-01-01T00:00:10Z","people":1}
{"window_start":"2024-01-01T00:00:30Z","people":1}
*/
