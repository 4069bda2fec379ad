-- Missing, extra and repeated fields, white space, any order: JSON as it comes.
CREATE TABLE v (id BIGINT NOT NULL, a TEXT, b BIGINT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, a, b FROM v;

/* input v
{"id":1,"a":"x","b":2}
{ "b" : 3 , "a" : "y" , "id" : 2 }
{"extra":{"id":9,"deep":[1,{"a":"no"}]},"id":3,"a":null,"more":"} ] \" {","b":null}
{"id":4}
{"id":5,"a":"first","a":"last"}
{"b":1,"id":6,"c":[[[]]],"a":"z"}
	{"id":7,"a":"tab","b":7}	
*/

/* output results
{"id":1,"a":"x","b":2}
{"id":2,"a":"y","b":3}
{"id":3,"a":null,"b":null}
{"id":4,"a":null,"b":null}
{"id":5,"a":"last","b":null}
{"id":6,"a":"z","b":1}
{"id":7,"a":"tab","b":7}
*/
