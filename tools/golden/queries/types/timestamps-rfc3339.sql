-- json.timestamp_format = 'rfc3339', in and out; and out as RFC 3339.
CREATE TABLE v (id BIGINT NOT NULL, ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE) WITH (connector = 'world', format = 'json', 'json.timestamp_format' = 'rfc3339');
CREATE TABLE results WITH (connector = 'world', format = 'json', 'json.timestamp_format' = 'rfc3339');
CREATE TABLE plain WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, ts, tz, ts + INTERVAL '1 second' AS next, ts::DATE AS day, ts::TIMESTAMP(0) AS whole FROM v;
INSERT INTO plain SELECT id, ts, ts::TIMESTAMP(3) AS millis, ts::TEXT AS text FROM v;

/* input v
{"id":1,"ts":"2024-02-29T13:45:59.123456Z","tz":"2024-02-29T13:45:59.123456Z"}
{"id":2,"ts":"2024-02-29T13:45:59+05:30","tz":"2024-02-29T13:45:59+05:30"}
{"id":3,"ts":"1969-12-31T23:59:59.5Z","tz":"1969-12-31T23:59:59.5Z"}
{"id":4,"ts":"2024-02-29T13:45:59.1","tz":"2024-02-29T13:45:59.1"}
{"id":5,"ts":"9999-12-30T23:59:59.999999Z","tz":"9999-12-30T23:59:59.999999Z"}
{"id":6,"ts":null}
{"id":7}
*/

/* output plain
{"id":1,"ts":"2024-02-29T13:45:59.123456Z","millis":"2024-02-29T13:45:59.123Z","text":"2024-02-29 13:45:59.123456"}
{"id":2,"ts":"2024-02-29T08:15:59Z","millis":"2024-02-29T08:15:59Z","text":"2024-02-29 08:15:59"}
{"id":3,"ts":"1969-12-31T23:59:59.500Z","millis":"1969-12-31T23:59:59.500Z","text":"1969-12-31 23:59:59.5"}
{"id":4,"ts":"2024-02-29T13:45:59.100Z","millis":"2024-02-29T13:45:59.100Z","text":"2024-02-29 13:45:59.1"}
{"id":5,"ts":"9999-12-30T23:59:59.999999Z","millis":"9999-12-31T00:00:00Z","text":"9999-12-30 23:59:59.999999"}
{"id":6,"ts":null,"millis":null,"text":null}
{"id":7,"ts":null,"millis":null,"text":null}
*/

/* output results
{"id":1,"ts":"2024-02-29T13:45:59.123456Z","tz":"2024-02-29T13:45:59.123456Z","next":"2024-02-29T13:46:00.123456Z","day":"2024-02-29","whole":"2024-02-29T13:45:59Z"}
{"id":2,"ts":"2024-02-29T08:15:59Z","tz":"2024-02-29T08:15:59Z","next":"2024-02-29T08:16:00Z","day":"2024-02-29","whole":"2024-02-29T08:15:59Z"}
{"id":3,"ts":"1969-12-31T23:59:59.500Z","tz":"1969-12-31T23:59:59.500Z","next":"1970-01-01T00:00:00.500Z","day":"1969-12-31","whole":"1969-12-31T23:59:59Z"}
{"id":4,"ts":"2024-02-29T13:45:59.100Z","tz":"2024-02-29T13:45:59.100Z","next":"2024-02-29T13:46:00.100Z","day":"2024-02-29","whole":"2024-02-29T13:45:59Z"}
{"id":5,"ts":"9999-12-30T23:59:59.999999Z","tz":"9999-12-30T23:59:59.999999Z","next":"9999-12-31T00:00:00.999999Z","day":"9999-12-30","whole":"9999-12-31T00:00:00Z"}
{"id":6,"ts":null,"tz":null,"next":null,"day":null,"whole":null}
{"id":7,"ts":null,"tz":null,"next":null,"day":null,"whole":null}
*/
