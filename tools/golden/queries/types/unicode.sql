-- Escapes of all kinds in; out only what JSON needs.
CREATE TABLE v (id BIGINT NOT NULL, s TEXT) WITH (connector = 'world', format = 'json');
CREATE TABLE results WITH (connector = 'world', format = 'json');
INSERT INTO results SELECT id, s, length(s) AS len, s = 'ä€😀' AS same FROM v;

/* input v
{"id":1,"s":"\u00e4\u20ac\ud83d\ude00"}
{"id":2,"s":"ä€😀"}
{"id":3,"s":"\"\\\/\b\f\n\r\t\u0001"}
{"id":4,"s":""}
{"\u0069d":5,"s":"\u0073"}
*/

/* output results
{"id":1,"s":"ä€😀","len":3,"same":true}
{"id":2,"s":"ä€😀","len":3,"same":true}
{"id":3,"s":"\"\\/\b\f\n\r\t\u0001","len":9,"same":false}
{"id":4,"s":"","len":0,"same":false}
{"id":5,"s":"s","len":1,"same":false}
*/
