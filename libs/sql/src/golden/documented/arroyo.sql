CREATE TABLE orders (customer_id INT, order_id INT, date_string TEXT NOT NULL, timestamp TIMESTAMP GENERATED ALWAYS AS (CAST(date_string AS TIMESTAMP)), WATERMARK FOR timestamp) WITH (connector = 'kafka', format = 'json', type = 'source', bootstrap_servers = 'localhost:9092', topic = 'order_topic')

CREATE TABLE orders (id INT, event_time TIMESTAMP GENERATED ALWAYS AS (CAST(d AS TIMESTAMP)) STORED, watermark TIMESTAMP GENERATED ALWAYS AS (event_time - INTERVAL '5 seconds') STORED) WITH (connector = 'kafka', event_time_field = 'event_time', watermark_field = 'watermark')

CREATE TABLE s (value TEXT, topic TEXT METADATA FROM 'topic', "offset" BIGINT METADATA FROM 'offset_id', key BYTEA METADATA FROM 'key') WITH (connector = 'kafka')

CREATE TABLE impulse WITH (connector = 'impulse', event_rate = '10')

CREATE TABLE nexmark WITH (connector = 'nexmark', event_rate = 10)

CREATE TABLE user_purchases (id INT PRIMARY KEY, amount DOUBLE) WITH (connector = 'kafka', format = 'debezium_json')

CREATE TABLE websocket WITH (connector = 'websocket', endpoint = 'wss://example.com', subscription_message = '{"op": "x"}', format = 'raw_string')

CREATE TABLE customers (id TEXT METADATA FROM 'key' PRIMARY KEY, name TEXT) WITH (connector = 'redis', format = 'json', type = 'lookup', 'lookup.cache.ttl' = INTERVAL '5 seconds')

CREATE TEMPORARY TABLE customers (id TEXT PRIMARY KEY METADATA FROM 'key', name TEXT) WITH (connector = 'redis', type = 'lookup')

CREATE TABLE sink (id INT, event TEXT) WITH (connector = 'filesystem', type = 'sink', path = 's3://bucket/x', format = 'parquet', 'partitioning.time_pattern' = '%Y/%m/%d/%H', 'partitioning.fields' = [event, id], 'rollover_seconds' = 5)

CREATE TABLE sink (id INT, ts TIMESTAMP) WITH (connector = 'iceberg', type = 'sink') PARTITIONED BY (bucket(4, id), hour(ts))

CREATE TABLE t (a BIGINT UNSIGNED NOT NULL) WITH (connector = 'kafka', format = 'avro', 'avro.confluent_schema_registry' = 'true')

CREATE TABLE t (b TEXT[]) WITH (connector = 'kafka', format = 'avro', 'avro.confluent_schema_registry' = 'true')

CREATE TABLE t (c STRUCT<x INT, y TEXT>) WITH (connector = 'kafka', format = 'avro', 'avro.confluent_schema_registry' = 'true')

CREATE TABLE t (d JSON) WITH (connector = 'kafka', format = 'avro', 'avro.confluent_schema_registry' = 'true')

CREATE TABLE t (e TIMESTAMP WITH TIME ZONE) WITH (connector = 'kafka', format = 'avro', 'avro.confluent_schema_registry' = 'true')

CREATE TABLE t (f BYTEA) WITH (connector = 'kafka', format = 'avro', 'avro.confluent_schema_registry' = 'true')

CREATE CONNECTION PROFILE confluent WITH (connector = 'confluent_cloud', bootstrap_servers = '{{ BROKERS }}')

CREATE VIEW v AS (SELECT a FROM t WHERE b IS NOT NULL)

CREATE FUNCTION my_udf(a BIGINT) RETURNS BIGINT LANGUAGE rust AS $$ fn my_udf(a: i64) -> i64 { a } $$

SET updating_ttl = '1 hour'

SET updating_ttl = INTERVAL '1 hour'

SHOW TABLES

SELECT tumble(INTERVAL '1 minute') AS window, count(*) FROM t GROUP BY window

SELECT hop(INTERVAL '5 seconds', INTERVAL '1 minute') AS window, count(*) FROM t GROUP BY 1

SELECT session(INTERVAL '20 seconds') AS window, user_id, count(*) FROM t GROUP BY window, user_id

SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window ORDER BY count DESC) AS row_num FROM (SELECT count(*) AS count, k, hop(interval '1 second', interval '1 minute') AS window FROM t GROUP BY k, window)) WHERE row_num <= 5

SELECT A.window, A.num FROM (SELECT tumble(interval '1 second') AS window, count(*) AS num FROM a GROUP BY window) A JOIN (SELECT tumble(interval '1 second') AS window FROM b GROUP BY window) B USING (window)

SELECT a->'x'->>'y' FROM t

SELECT a ->> 0 FROM t

SELECT json_get(a, 'x', 0) FROM t

SELECT extract_json(a, '$.x')[1] FROM t

SELECT get_first_json_object(a, '$.x') FROM t

SELECT a ? 'key' FROM t

SELECT json_contains(a, 'x') FROM t

SELECT json_as_text(a, 'k') FROM t

SELECT unnest(extract_json(value, '$.items')) AS item FROM t

SELECT count(DISTINCT a) FROM t

SELECT array_agg(b) FROM t

SELECT approx_percentile_cont(c, 0.5) FROM t

SELECT first_value(a ORDER BY b) FROM t

SELECT approx_distinct(a) FILTER (WHERE b > 1) FROM t

INSERT INTO sink SELECT e.id, c.name FROM events e LEFT JOIN customers c ON e.customer_id = c.id

INSERT INTO sink (a, b) SELECT 1, 'x'

SELECT date_trunc('hour', ts) FROM t

SELECT date_part('year', ts) FROM t

SELECT extract(epoch FROM ts) FROM t

SELECT to_timestamp_millis(a) FROM t

SELECT from_unixtime(a) FROM t

SELECT date_bin(INTERVAL '15 minutes', ts, TIMESTAMP '2001-01-01') FROM t

SELECT arrow_cast(a, 'Int32') FROM t

SELECT arrow_typeof(a) FROM t

SELECT make_array(1, 2) FROM t

SELECT [1, 2, 3] FROM t

SELECT array_element(a, 1) FROM t

SELECT a[1:2] FROM t

SELECT struct(a, b) FROM t

SELECT named_struct('x', a) FROM t

SELECT {'a': 1, 'b': 2} FROM t

SELECT MAP {'a': 1} FROM t

SELECT a['x'] FROM t

SELECT regexp_match(a, '^x', 'i') FROM t

SELECT a ~ 'x' FROM t

SELECT a !~* 'y' FROM t

SELECT a ^@ 'z' FROM t

SELECT a ILIKE 'x%' FROM t

SELECT a NOT ILIKE 'y' FROM t

SELECT a SIMILAR TO 'z' FROM t

SELECT TRY_CAST(a AS INT) FROM t

SELECT a::TEXT FROM t

SELECT a::BIGINT UNSIGNED FROM t

SELECT 10 DIV 3 FROM t

SELECT a # b FROM t

SELECT a << 2 FROM t

SELECT a & b | c FROM t

SELECT a IS NOT DISTINCT FROM b FROM t

SELECT a IS NOT TRUE FROM t

SELECT 1e10 FROM t

SELECT .5 FROM t

SELECT 0x1F FROM t

SELECT a FROM x EXCEPT ALL SELECT a FROM y

SELECT * EXCEPT (a, b) FROM t

SELECT * EXCLUDE (a) FROM t

SELECT * EXCLUDE a FROM t

SELECT t.* EXCLUDE (a), u.* FROM t JOIN u ON t.id = u.id

SELECT * REPLACE (a + 1 AS a) FROM t

SELECT * RENAME (a AS b) FROM t

SELECT * ILIKE '%x%' FROM t

SELECT a, sum(b) FROM t GROUP BY ALL ORDER BY ALL

SELECT * FROM a ASOF JOIN b ON a.id = b.id AND a.ts >= b.ts

SELECT * FROM a ASOF JOIN b MATCH_CONDITION (a.ts >= b.ts) ON a.id = b.id

SELECT * FROM a LEFT ANTI JOIN b ON a.id = b.id

SELECT * FROM a LEFT SEMI JOIN b ON a.id = b.id

SELECT * FROM a RIGHT SEMI JOIN b ON a.id = b.id

SELECT * FROM a SEMI JOIN b ON a.id = b.id

SELECT * FROM a ANTI JOIN b USING (id)

SELECT * FROM a POSITIONAL JOIN b

SELECT * FROM a CROSS APPLY f(a.x) AS g

FROM t SELECT a, b WHERE c

FROM t

SELECT * FROM t LATERAL VIEW explode(tags) x AS tag

SELECT list_transform(l, x -> x + 1), filter(l, (x, y) -> x > y) FROM t

SELECT SAFE.parse(a), SAFE_CAST(a AS INT), a FROM t

SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1

SELECT top 5 * FROM t

SELECT TOP (5) * FROM t

SELECT a FROM t LIMIT 10, 5

SELECT a FROM t LIMIT 5 BY a

SELECT a FROM t SAMPLE 0.1

SELECT a FROM t EMIT CHANGES

SELECT a, count(*) FROM t WINDOW TUMBLING (SIZE 5 MINUTES) GROUP BY a EMIT CHANGES

CREATE STREAM s (a INT KEY, b STRING) WITH (kafka_topic = 'x', value_format = 'json')

CREATE STREAM s AS SELECT * FROM t EMIT CHANGES

CREATE SOURCE s FROM KAFKA CONNECTION c (TOPIC 'x') FORMAT JSON

CREATE SINK s FROM t INTO KAFKA CONNECTION c (TOPIC 'x')

CREATE MATERIALIZED VIEW v AS SELECT a FROM t
