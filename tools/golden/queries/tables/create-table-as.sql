-- CREATE TABLE … AS takes the columns of its query.
CREATE TABLE v (id BIGINT NOT NULL, item TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json') AS SELECT id, item || '!' AS loud, id > 1 AS later FROM v;

/* input v
{"id":1,"item":"a"}
{"id":2}
{"id":3,"item":"c"}
*/

/* output results
{"id":1,"loud":"a!","later":false}
{"id":2,"loud":null,"later":true}
{"id":3,"loud":"c!","later":true}
*/
