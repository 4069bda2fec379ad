-- INSERT with a column list: others take their DEFAULT or NULL, columns go by name.
CREATE TABLE v (id BIGINT NOT NULL, item TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results (id BIGINT NOT NULL, kind TEXT DEFAULT 'plain', item TEXT, size INT DEFAULT 2 + 3, note TEXT) WITH (connector = 'world', format = 'json');
INSERT INTO results (item, id) SELECT upper(item), id + 10 FROM v;
INSERT INTO results (id, size) SELECT id, 7 FROM v WHERE id = 1;

/* input v
{"id":1,"item":"a"}
{"id":2}
{"id":3,"item":"c"}
*/

/* output results
{"id":1,"kind":"plain","item":null,"size":7,"note":null}
{"id":11,"kind":"plain","item":"A","size":5,"note":null}
{"id":12,"kind":"plain","item":null,"size":5,"note":null}
{"id":13,"kind":"plain","item":"C","size":5,"note":null}
*/
