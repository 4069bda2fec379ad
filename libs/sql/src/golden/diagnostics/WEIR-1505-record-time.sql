CREATE TABLE clicks (person BIGINT) WITH (connector = 'kafka', topic = 'clicks', type = 'source', format = 'json');
SELECT count(*) FROM clicks GROUP BY tumble(INTERVAL '1 minute');
