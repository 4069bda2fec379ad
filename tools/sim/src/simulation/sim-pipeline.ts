import { connectors } from '@weir/connectors/connector-registry.ts';
import { sqlCompiler } from '@weir/coordinator/compile/sql-compiler.ts';
import type { Compiled, PipelineCompiler } from '@weir/coordinator/compile/pipeline-compiler.ts';
import { noRegistries } from '@weir/schemas/testing/no-registries.ts';
import { connectorCatalog } from '@weir/schemas/resolve-table.ts';

export const topics = { input: 'events', kept: 'kept', windows: 'windows', dead: 'dead' } as const;
/** What the pipeline writes. */
export const outputTopics = [topics.kept, topics.windows, topics.dead] as const;
export const windowMs = 1000;
export const pipelineName = 'sim';

/** How the input's values are written: as JSON, or in Avro with schemas of a registry. */
const inputFormats = {
  json: "format = 'json', 'json.timestamp_format' = 'unix_millis'",
  avro: "format = 'avro', 'schema_registry.endpoint' = 'http://registry'",
} as const;

/** A filter straight through, a windowed aggregate across an exchange, and the dead letters: three sinks that one source feeds. */
export function pipelineSql(
  bootstrap: string,
  transactionTimeout: string,
  inputFormat: keyof typeof inputFormats,
): string {
  const kafka = (topic: string, more: string, format: keyof typeof inputFormats = 'json'): string =>
    `WITH (connector = 'kafka', bootstrap_servers = '${bootstrap}', topic = '${topic}', ${inputFormats[format]}, ${more})`;
  const deadLetters = `bad_data = 'dead_letter', 'dead_letter.topic' = '${topics.dead}', 'sink.transaction_timeout' = '${transactionTimeout}'`;
  const sink = `type = 'sink', 'sink.transaction_timeout' = '${transactionTimeout}'`;
  return `
CREATE TABLE events (
  id BIGINT NOT NULL, k BIGINT NOT NULL, v BIGINT NOT NULL, ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '1 second'
) ${kafka(topics.input, `type = 'source', 'source.offset' = 'earliest', ${deadLetters}`, inputFormat)};
CREATE TABLE kept (id BIGINT NOT NULL, k BIGINT NOT NULL, twice BIGINT NOT NULL) ${kafka(topics.kept, sink)};
CREATE TABLE windows (k BIGINT NOT NULL, start TIMESTAMP(3) NOT NULL, n BIGINT NOT NULL, total BIGINT) ${kafka(topics.windows, sink)};
INSERT INTO kept SELECT id, k, v * 2 AS twice FROM events WHERE v % 10 < 7;
INSERT INTO windows SELECT k, window_start AS start, count(*) AS n, sum(v) AS total
  FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY window_start, window_end, k;
`;
}

/** The real compiler; each text is compiled once, for all runs. */
export function rememberingCompiler(): PipelineCompiler {
  const real = sqlCompiler(connectorCatalog({ connectors, registries: noRegistries }));
  const known = new Map<string, Compiled>();
  return {
    async compile(sql) {
      const compiled = known.get(sql) ?? (await real.compile(sql));
      known.set(sql, compiled);
      return compiled;
    },
  };
}
