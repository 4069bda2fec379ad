-- Tables that are read by their key: the last record of a key counts, one without a value deletes its row; of Debezium's changes the new rows. Where old rows are
-- needed they are kept.
CREATE TABLE users (id BIGINT, name TEXT NOT NULL, city TEXT, PRIMARY KEY (id)) WITH (connector = 'world', format = 'json');
CREATE TABLE pairs (a TEXT, b INT, n BIGINT, PRIMARY KEY (a, b)) WITH (connector = 'world', format = 'json');
CREATE TABLE days (day DATE, n BIGINT, PRIMARY KEY (day)) WITH (connector = 'world', format = 'json');
CREATE TABLE stock (sku TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (sku)) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE copy (id BIGINT, name TEXT, PRIMARY KEY (id)) WITH (connector = 'world', format = 'json');
CREATE TABLE cities (city TEXT, users BIGINT, first_name TEXT, PRIMARY KEY (city)) WITH (connector = 'world', format = 'json');
CREATE TABLE named (name TEXT, id BIGINT, PRIMARY KEY (name)) WITH (connector = 'world', format = 'json');
CREATE TABLE sums (total BIGINT, pairs BIGINT) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE late_days (day DATE, n BIGINT) WITH (connector = 'world', format = 'debezium_json');
CREATE TABLE low (sku TEXT, n BIGINT) WITH (connector = 'world', format = 'debezium_json');
INSERT INTO copy SELECT id, upper(name) FROM users;
INSERT INTO cities SELECT city, count(*), min(name) FROM users WHERE city IS NOT NULL GROUP BY city;
INSERT INTO named SELECT name, id FROM users;
INSERT INTO sums SELECT sum(n), count(*) FROM pairs;
INSERT INTO late_days SELECT day, n FROM days WHERE day >= DATE '2024-01-02';
INSERT INTO low SELECT sku, n FROM stock WHERE n < 10;

/* input users partitions 1
{"id":1,"name":"amy","city":"Oslo"}
{"id":2,"name":"bob","city":"Rome"}
{"id":3,"name":"cleo","city":"Oslo"}
{"id":1,"name":"amy","city":"Rome"}
delete 3
{"id":4,"name":"dan","city":null}

{"id":2,"name":"bert","city":"Rome"}
delete 9
{"id":5,"name":"eve","city":"Oslo"}
delete 1
{"id":3,"name":"cleo","city":"Rome"}
delete 5
*/

/* input pairs partitions 1
{"a":"x","b":1,"n":10}
{"a":"y","b":1,"n":20}
{"a":"x","b":2,"n":40}
{"a":"x","b":1,"n":11}

delete {"a":"y","b":1}
delete {"b":7,"a":"q"}
{"a":"z","b":1,"n":100}
*/

/* input days partitions 1
{"day":"2024-01-01","n":1}
{"day":"2024-01-02","n":2}
{"day":"2024-01-03","n":3}

delete 2024-01-02
{"day":"2024-01-03","n":4}
*/

/* input stock partitions 1
{"before":null,"after":{"sku":"a","n":5},"op":"c"}
{"before":null,"after":{"sku":"b","n":50},"op":"c"}
{"before":null,"after":{"sku":"b","n":7},"op":"u"}

{"before":{"sku":"a"},"after":null,"op":"d"}
{"before":null,"after":{"sku":"c","n":1},"op":"c"}
*/

/* output cities
{"city":"Rome","users":2,"first_name":"bert"}
*/

/* output copy
{"id":2,"name":"BERT"}
{"id":3,"name":"CLEO"}
{"id":4,"name":"DAN"}
*/

/* output late_days
{"day":"2024-01-03","n":4}
*/

/* output low
{"sku":"b","n":7}
{"sku":"c","n":1}
*/

/* output named
{"name":"bert","id":2}
{"name":"cleo","id":3}
{"name":"dan","id":4}
*/

/* output sums
{"total":151,"pairs":3}
*/
