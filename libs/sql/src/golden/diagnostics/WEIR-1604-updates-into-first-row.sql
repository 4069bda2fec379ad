CREATE TABLE logins (person BIGINT NOT NULL, city TEXT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts, PRIMARY KEY (person, ts)) WITH (connector = 'changelog', changes = 'retract', type = 'source');
CREATE TABLE r WITH (connector = 'blackhole');
INSERT INTO r SELECT person, city FROM logins QUALIFY ROW_NUMBER() OVER (PARTITION BY person ORDER BY ts) = 1;
