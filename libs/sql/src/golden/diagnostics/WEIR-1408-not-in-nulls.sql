-- with bids
CREATE TABLE kinds (id BIGINT) WITH (connector = 'kafka', topic = 'kinds', format = 'json');
SELECT auction FROM bids WHERE auction NOT IN (SELECT id FROM kinds);
