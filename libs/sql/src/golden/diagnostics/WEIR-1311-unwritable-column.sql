CREATE TABLE trips (id BIGINT, started TIMESTAMP, ended TIMESTAMP)
  WITH (connector = 'kafka', topic = 'trips', format = 'json', type = 'source');
CREATE TABLE lengths WITH (connector = 'kafka', topic = 'lengths', format = 'json');
INSERT INTO lengths SELECT id, ended - started AS took FROM trips;
