-- UNNEST: a row an element, of structs their fields, of maps key and value; WITH ORDINALITY; LEFT JOIN keeps rows without elements; before joins and in windows.
CREATE TABLE orders (id BIGINT, tags TEXT[], lines ARRAY<STRUCT<item TEXT, price BIGINT>>, notes MAP<TEXT, BIGINT>, at STRUCT<places BIGINT[]>, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');
CREATE TABLE prices (item TEXT, factor BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE of_tags WITH (connector = 'world', format = 'json');
INSERT INTO of_tags SELECT id, tag FROM orders CROSS JOIN UNNEST(tags) AS t (tag);
CREATE TABLE numbered WITH (connector = 'world', format = 'json');
INSERT INTO numbered SELECT o.id, l.item, l.price, l.n FROM orders o, UNNEST(o.lines) WITH ORDINALITY AS l (item, price, n) WHERE l.price > 1;
CREATE TABLE kept WITH (connector = 'world', format = 'json');
INSERT INTO kept SELECT id, tag FROM orders LEFT JOIN UNNEST(tags) AS tag ON TRUE;
CREATE TABLE of_maps WITH (connector = 'world', format = 'json');
INSERT INTO of_maps SELECT id, k, v FROM orders CROSS JOIN UNNEST(notes) AS m (k, v);
CREATE TABLE of_fields WITH (connector = 'world', format = 'json');
INSERT INTO of_fields SELECT id, place FROM orders CROSS JOIN UNNEST(orders.at.places) AS p (place);
CREATE TABLE joined WITH (connector = 'world', format = 'json');
INSERT INTO joined SELECT o.id, l.price * p.factor AS cost FROM orders o CROSS JOIN UNNEST(o.lines) AS l (item, price) JOIN prices p ON p.item = l.item;
CREATE TABLE counted WITH (connector = 'world', format = 'json');
INSERT INTO counted SELECT tag, count(*) AS n, tumble(INTERVAL '10 seconds') AS w FROM orders CROSS JOIN UNNEST(tags) AS t (tag) GROUP BY tag, w;

/* input orders
{"id":1,"tags":["a","b"],"lines":[{"item":"x","price":1},{"item":"y","price":2}],"notes":{"p":1,"q":null},"at":{"places":[7,8]},"ts":"2024-01-01T00:00:01Z"}
{"id":2,"tags":[],"lines":[],"notes":{},"at":{"places":[]},"ts":"2024-01-01T00:00:02Z"}
{"id":3,"tags":null,"lines":null,"notes":null,"at":null,"ts":"2024-01-01T00:00:03Z"}

{"id":4,"tags":["a",null,"c"],"lines":[{"item":"x","price":5},null],"notes":{"z":9007199254740993},"at":{"places":[null]},"ts":"2024-01-01T00:00:12Z"}
*/

/* input prices
{"item":"x","factor":10}

{"item":"y","factor":100}
*/

/* output counted
{"tag":"a","n":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z"}}
{"tag":"a","n":1,"w":{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:20Z"}}
{"tag":"b","n":1,"w":{"start":"2024-01-01T00:00:00Z","end":"2024-01-01T00:00:10Z"}}
{"tag":"c","n":1,"w":{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:20Z"}}
{"tag":null,"n":1,"w":{"start":"2024-01-01T00:00:10Z","end":"2024-01-01T00:00:20Z"}}
*/

/* output joined
{"id":1,"cost":10}
{"id":1,"cost":200}
{"id":4,"cost":50}
*/

/* output kept
{"id":1,"tag":"a"}
{"id":1,"tag":"b"}
{"id":2,"tag":null}
{"id":3,"tag":null}
{"id":4,"tag":"a"}
{"id":4,"tag":"c"}
{"id":4,"tag":null}
*/

/* output numbered
{"id":1,"item":"y","price":2,"n":2}
{"id":4,"item":"x","price":5,"n":1}
*/

/* output of_fields
{"id":1,"place":7}
{"id":1,"place":8}
{"id":4,"place":null}
*/

/* output of_maps
{"id":1,"k":"p","v":1}
{"id":1,"k":"q","v":null}
{"id":4,"k":"z","v":9007199254740993}
*/

/* output of_tags
{"id":1,"tag":"a"}
{"id":1,"tag":"b"}
{"id":4,"tag":"a"}
{"id":4,"tag":"c"}
{"id":4,"tag":null}
*/
