-- METADATA columns come from the record's place.
CREATE TABLE v (id BIGINT NOT NULL, "partition" INT METADATA, place BIGINT NOT NULL METADATA FROM 'offset' VIRTUAL) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, "partition" AS p, place, place * 4 + "partition" AS number FROM v WHERE place < 2;

/* input v
{"id":1}
{"id":2}
{"id":3}
{"id":4}
{"id":5}
{"id":6}
{"id":7}
{"id":8}
{"id":9}
*/

/* output results
{"id":1,"p":0,"place":0,"number":0}
{"id":2,"p":1,"place":0,"number":1}
{"id":3,"p":2,"place":0,"number":2}
{"id":4,"p":3,"place":0,"number":3}
{"id":5,"p":0,"place":1,"number":4}
{"id":6,"p":1,"place":1,"number":5}
{"id":7,"p":2,"place":1,"number":6}
{"id":8,"p":3,"place":1,"number":7}
*/
