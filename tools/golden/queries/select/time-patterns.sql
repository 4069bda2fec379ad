-- Fault 1.1.16: patterns of times, Java's and PostgreSQL's; what a pattern doesn't know is refused.
CREATE TABLE v (id BIGINT, ts TIMESTAMP, p TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE java WITH (connector = 'world', format = 'json');
INSERT INTO java SELECT
  id, DATE_FORMAT(ts, 'yyyy-MM-dd''T''HH:mm:ss.SSSSSS') AS iso, DATE_FORMAT(ts, 'yy M d H:m:s') AS short, DATE_FORMAT(ts, 'EEEE, d MMMM uuuu') AS long,
  DATE_FORMAT(ts, 'EEE MMM dd hh:mm a') AS twelve, DATE_FORMAT(ts, 'K k') AS hours, DATE_FORMAT(ts, 'DDD Q QQQ QQQQ') AS parts, DATE_FORMAT(ts, 'G A n') AS rest
FROM v;
CREATE TABLE postgres WITH (connector = 'world', format = 'json');
INSERT INTO postgres SELECT
  id, to_char(ts, 'IW Q WW') AS weeks, to_char(ts, 'IYYY-"W"IW-ID') AS iso_week, to_char(ts, 'yyyy-mm-dd hh24:mi:ss.us') AS small, to_char(ts, 'DDth FMMonth Y,YYY') AS ordinal,
  to_char(ts, 'W CC J RM') AS other, to_char(ts, 'HH12:MI:SS a.m. BC') AS clock, to_char(ts, 'SSSS FF3 MS FMDDD IDDD') AS numbers, to_char(ts, 'Dy DAY FMDay, FMDD') AS names
FROM v;

/* input v
{"id":1,"ts":"2024-12-30T00:05:09.123456Z"}
{"id":2,"ts":"2021-01-03T13:00:00Z"}
{"id":3,"ts":"0001-02-11T23:59:59.9Z"}
*/

/* output java
{"id":1,"iso":"2024-12-30T00:05:09.123456","short":"24 12 30 0:5:9","long":"Monday, 30 December 2024","twelve":"Mon Dec 30 12:05 AM","hours":"0 24","parts":"365 4 Q4 4th quarter","rest":"AD 309123 123456000"}
{"id":2,"iso":"2021-01-03T13:00:00.000000","short":"21 1 3 13:0:0","long":"Sunday, 3 January 2021","twelve":"Sun Jan 03 01:00 PM","hours":"1 13","parts":"003 1 Q1 1st quarter","rest":"AD 46800000 0"}
{"id":3,"iso":"0001-02-11T23:59:59.900000","short":"01 2 11 23:59:59","long":"Sunday, 11 February 0001","twelve":"Sun Feb 11 11:59 PM","hours":"11 23","parts":"042 1 Q1 1st quarter","rest":"AD 86399900 900000000"}
*/

/* output postgres
{"id":1,"weeks":"01 4 53","iso_week":"2025-W01-1","small":"2024-12-30 00:05:09.123456","ordinal":"30th December 2,024","other":"5 21 2460675 XII ","clock":"12:05:09 a.m. AD","numbers":"309 123 123 365 001","names":"Mon MONDAY    Monday, 30"}
{"id":2,"weeks":"53 1 01","iso_week":"2020-W53-7","small":"2021-01-03 13:00:00.000000","ordinal":"03rd January 2,021","other":"1 21 2459218 I   ","clock":"01:00:00 p.m. AD","numbers":"46800 000 000 3 371","names":"Sun SUNDAY    Sunday, 3"}
{"id":3,"weeks":"06 1 06","iso_week":"0001-W06-7","small":"0001-02-11 23:59:59.900000","ordinal":"11th February 0,001","other":"2 01 1721467 II  ","clock":"11:59:59 p.m. AD","numbers":"86399 900 900 42 042","names":"Sun SUNDAY    Sunday, 11"}
*/
