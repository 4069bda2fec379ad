CREATE TABLE tags (id BIGINT, labels MAP<TEXT, TEXT>) WITH (connector = 'kafka', topic = 'tags', format = 'raw');
SELECT id FROM tags;
