import { formatNamed, formatNames } from '@weir/formats/formats.ts';
import { compileSql } from '@weir/sql/compile-sql.ts';
import { describe, expect, test } from 'vitest';
import { connectors } from '@weir/connectors/connector-registry.ts';
import { connectorCatalog } from './resolve-table.ts';
import { noRegistries } from './testing/no-registries.ts';

const catalog = connectorCatalog({ connectors, registries: noRegistries });

/** Every type that a query can give or a table can declare. */
const types = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL(10, 2)',
  'TEXT',
  'BYTEA',
  'JSON',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
  'INTERVAL',
  'STRUCT<a BIGINT, b TEXT>',
  'STRUCT<a INTERVAL>',
  'BIGINT[]',
  'INTERVAL[]',
  'MAP<TEXT, BIGINT>',
  'MAP<BIGINT, TEXT>',
  'MAP<TEXT, INTERVAL>',
];
const kafka = (topic: string, format: string): string =>
  `connector = 'kafka', bootstrap_servers = 'kafka:9092', topic = '${topic}', format = '${format}'`;

async function compile(sql: string) {
  const { plan, diagnostics } = await compileSql(sql, { connectors: catalog });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(plan === null).toBe(errors.length > 0);
  const [error] = errors;
  return { plan, error, at: error === undefined ? '' : sql.slice(error.span.start, error.span.end) };
}

/** Does making a decoder or encoder for the columns of this table fail? */
function failsAtRunTime(plan: Awaited<ReturnType<typeof compile>>['plan'], kind: 'source' | 'sink'): boolean {
  for (const { node } of plan?.stages.flatMap(({ operators }) => operators) ?? []) {
    if (node.kind !== kind || node.connector === 'nexmark' || node.connector === 'blackhole') continue;
    const format = formatNamed(node.options['format'] ?? 'json');
    if (kind === 'sink') format.createEncoder(node.schema, node.options);
    else format.createDecoder(node.schema, node.options);
  }
  return false;
}

const cases = formatNames.flatMap((format) => types.map((type) => [format, type] as const));
const value = (type: string): string => `CAST(NULL AS ${type}) AS v`;
const nexmark = "CREATE TABLE events WITH (connector = 'nexmark', message_count = '1');";

describe('fault 1.1.18: what a format has no form for is told by the compiler, with its place', () => {
  test.each(cases)(
    '%s: a sink takes %s from its query, or it is a compile error there',
    async (format, type) => {
      const sql = `${nexmark} CREATE TABLE out WITH (${kafka('out', format)}); INSERT INTO out SELECT ${value(type)} FROM events;`;
      const { plan, error, at } = await compile(sql);
      if (error === undefined) expect(failsAtRunTime(plan, 'sink')).toBe(false);
      else {
        expect(error.code).toBe('WEIR-1311');
        expect([value(type), 'out']).toContain(at);
        const declared = `${nexmark} CREATE TABLE out (v ${type}) WITH (${kafka('out', format)}, type = 'sink');
        INSERT INTO out SELECT ${value(type)} FROM events;`;
        expect((await compile(declared)).error, 'and so it is where the table declares it').toBeDefined();
      }
    },
  );

  test.each(cases)('%s: a source reads %s, or it is a compile error', async (format, type) => {
    const sql = `CREATE TABLE src (v ${type}) WITH (${kafka('src', format)}); CREATE TABLE none WITH (connector = 'blackhole');
      INSERT INTO none SELECT v FROM src;`;
    const { plan, error, at } = await compile(sql);
    if (error === undefined) expect(failsAtRunTime(plan, 'source')).toBe(false);
    else expect([`v ${type}`, 'src']).toContain(at);
  });

  test.each(types)('a preview and stdout show %s, or it is a compile error', async (type) => {
    const preview = await compile(`${nexmark} SELECT ${value(type)} FROM events;`);
    const stdout = await compile(
      `${nexmark} CREATE TABLE shown WITH (connector = 'stdout'); INSERT INTO shown SELECT ${value(type)} FROM events;`,
    );
    for (const { plan, error } of [preview, stdout]) {
      if (error === undefined) expect(failsAtRunTime(plan, 'sink')).toBe(false);
      else expect(error.code).toBe('WEIR-1311');
    }
  });

  test.each([
    ["'sink.key_field' = 'nope'", /names the column 'nope'/],
    ["'sink.timestamp_field' = 'v'", /comes from a TIMESTAMP, but column 'v' is BIGINT/],
  ])('an option of a sink that does not go with the columns of its query: %s', async (option, message) => {
    const { error, at } = await compile(
      `${nexmark} CREATE TABLE out WITH (${kafka('out', 'json')}, ${option}); INSERT INTO out SELECT 1::BIGINT AS v FROM events;`,
    );
    expect(error?.message).toMatch(message);
    expect(at).toBe('out');
  });

  test('what was seen: an interval into JSON is its text', async () => {
    const { plan, error } = await compile(
      `CREATE TABLE t (a TIMESTAMP, b TIMESTAMP) WITH (${kafka('t', 'json')}, type = 'source');
       CREATE TABLE out WITH (${kafka('out', 'json')}); INSERT INTO out SELECT a - b AS took FROM t;`,
    );
    expect(error).toBeUndefined();
    expect(failsAtRunTime(plan, 'sink')).toBe(false);
  });
});
