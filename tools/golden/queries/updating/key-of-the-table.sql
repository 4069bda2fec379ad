-- A table whose key is none of the query's: of the rows that share it one stands, and when that goes, another comes up. Here only one is left for each.
CREATE TABLE bids (auction BIGINT, owner TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE owners (owner TEXT, n BIGINT, PRIMARY KEY (owner)) WITH (connector = 'world', format = 'json');
INSERT INTO owners SELECT owner, n FROM (SELECT auction, max(owner) AS owner, count(*) AS n FROM bids GROUP BY auction) WHERE n > 1;

/* input bids
{"auction":1,"owner":"a"}
{"auction":2,"owner":"a"}
{"auction":1,"owner":"a"}
{"auction":2,"owner":"a"}

{"auction":2,"owner":"b"}
{"auction":3,"owner":"c"}
{"auction":3,"owner":"b"}
*/

/* output owners
{"owner":"a","n":2}
{"owner":"b","n":3}
{"owner":"c","n":2}
*/
