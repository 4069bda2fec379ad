-- json.timestamp_format = 'unix_micros', in and out; and out as RFC 3339.
CREATE TABLE v (id BIGINT NOT NULL, ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE) WITH (connector = 'world', format = 'json', 'json.timestamp_format' = 'unix_micros');
CREATE TABLE results WITH (connector = 'world', format = 'json', 'json.timestamp_format' = 'unix_micros');
CREATE TABLE plain WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, ts, tz, ts + INTERVAL '1 second' AS next, ts::DATE AS day, ts::TIMESTAMP(0) AS whole FROM v;
INSERT INTO plain SELECT id, ts, ts::TIMESTAMP(3) AS millis, ts::TEXT AS text FROM v;

/* input v
{"id":1,"ts":1709214359123456,"tz":1709214359123456}
{"id":2,"ts":-1,"tz":-1}
{"id":3,"ts":0,"tz":0}
{"id":4,"ts":1709214359000000,"tz":1709214359000000}
{"id":5,"ts":253402214399999999,"tz":253402214399999999}
{"id":6,"ts":null}
{"id":7}
*/

/* output plain
{"id":1,"ts":"2024-02-29T13:45:59.123456Z","millis":"2024-02-29T13:45:59.123Z","text":"2024-02-29 13:45:59.123456"}
{"id":2,"ts":"1969-12-31T23:59:59.999999Z","millis":"1970-01-01T00:00:00Z","text":"1969-12-31 23:59:59.999999"}
{"id":3,"ts":"1970-01-01T00:00:00Z","millis":"1970-01-01T00:00:00Z","text":"1970-01-01 00:00:00"}
{"id":4,"ts":"2024-02-29T13:45:59Z","millis":"2024-02-29T13:45:59Z","text":"2024-02-29 13:45:59"}
{"id":5,"ts":"9999-12-30T23:59:59.999999Z","millis":"9999-12-31T00:00:00Z","text":"9999-12-30 23:59:59.999999"}
{"id":6,"ts":null,"millis":null,"text":null}
{"id":7,"ts":null,"millis":null,"text":null}
*/

/* output results
{"id":1,"ts":1709214359123456,"tz":1709214359123456,"next":1709214360123456,"day":"2024-02-29","whole":1709214359000000}
{"id":2,"ts":-1,"tz":-1,"next":999999,"day":"1969-12-31","whole":0}
{"id":3,"ts":0,"tz":0,"next":1000000,"day":"1970-01-01","whole":0}
{"id":4,"ts":1709214359000000,"tz":1709214359000000,"next":1709214360000000,"day":"2024-02-29","whole":1709214359000000}
{"id":5,"ts":253402214399999999,"tz":253402214399999999,"next":253402214400999999,"day":"9999-12-30","whole":253402214400000000}
{"id":6,"ts":null,"tz":null,"next":null,"day":null,"whole":null}
{"id":7,"ts":null,"tz":null,"next":null,"day":null,"whole":null}
*/
