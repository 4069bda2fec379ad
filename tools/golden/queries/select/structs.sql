-- Struct fields are read, structs are built and nest.
CREATE TABLE people (id BIGINT NOT NULL, name STRUCT<first TEXT, last TEXT>, home ROW<city TEXT, at STRUCT<lat DOUBLE, lon DOUBLE>>) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT
  id, name.first, p.name.last AS family, home.at.lat AS lat, (home).city AS city, name, home.at AS at, name.first IS NULL AS nameless
FROM people AS p WHERE name.last <> 'X' OR name.last IS NULL;

/* input people
{"id":1,"name":{"first":"Ada","last":"L"},"home":{"city":"London","at":{"lat":51.5,"lon":-0.1}}}
{"id":2,"name":{"last":"X"}}
{"id":3,"name":null,"home":{"city":null}}
{"id":4,"home":{"at":{"lon":1}},"name":{"first":"Bob","extra":[1,2]}}
{"id":5,"name":{"last":"Y","first":"Cy"},"home":{"at":null,"city":"Bonn"}}
*/

/* output results
{"id":1,"first":"Ada","family":"L","lat":51.5,"city":"London","name":{"first":"Ada","last":"L"},"at":{"lat":51.5,"lon":-0.1},"nameless":false}
{"id":3,"first":null,"family":null,"lat":null,"city":null,"name":null,"at":null,"nameless":true}
{"id":4,"first":"Bob","family":null,"lat":null,"city":null,"name":{"first":"Bob","last":null},"at":{"lat":null,"lon":1},"nameless":false}
{"id":5,"first":"Cy","family":"Y","lat":null,"city":"Bonn","name":{"first":"Cy","last":"Y"},"at":null,"nameless":false}
*/
