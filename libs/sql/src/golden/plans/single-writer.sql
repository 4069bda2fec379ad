-- a file has one writer: all rows go to one subtask
CREATE TABLE lines (a BIGINT, b TEXT) WITH (connector = 'kafka', topic = 'lines', format = 'json');
CREATE TABLE out (a BIGINT, b TEXT) WITH (connector = 'single_file', path = '/tmp/out.jsonl', format = 'json');
INSERT INTO out SELECT a, b FROM lines WHERE a > 1;
