-- A table that names no event time has that of its records; nothing of it is read where nobody waits for it.
CREATE TABLE clicks (person BIGINT, twice BIGINT GENERATED ALWAYS AS (person * 2)) WITH (connector = 'kafka', topic = 'clicks', type = 'source', format = 'json');
CREATE TABLE a WITH (connector = 'kafka', topic = 'a', format = 'json');
INSERT INTO a SELECT twice, count(*) AS n, session(INTERVAL '1 minute') AS w FROM clicks GROUP BY 1, w;
CREATE TABLE c WITH (connector = 'kafka', topic = 'c', format = 'json');
INSERT INTO c SELECT * FROM clicks;
