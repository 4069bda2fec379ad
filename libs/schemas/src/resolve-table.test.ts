import { connectors } from '@weir/connectors/connector-registry.ts';
import { present } from '@weir/kernel/assert.ts';
import { compileSql } from '@weir/sql/compile-sql.ts';
import { explainPlan } from '@weir/sql/explain/explain-plan.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { connectorCatalog } from './resolve-table.ts';
import { noRegistries } from './testing/no-registries.ts';

const catalog = connectorCatalog({ connectors, registries: noRegistries });
const table = `CREATE TABLE orders (id BIGINT PRIMARY KEY, at TIMESTAMP METADATA FROM 'timestamp') WITH (
  connector = 'kafka', bootstrap_servers = 'kafka:9092', topic = 'orders', type = 'source', format = 'json', 'json.timestamp_format' = 'sql',
  'auth.type' = 'sasl', 'auth.protocol' = 'SASL_SSL', 'auth.mechanism' = 'PLAIN', 'auth.username' = 'weir', 'auth.password' = 'hunter2');
  CREATE TABLE none WITH (connector = 'blackhole');
  INSERT INTO none SELECT id, at FROM orders;`;

test('a node holds what its table is: how it is reached, its format, its key, which of its options are secret', async () => {
  const { plan, diagnostics } = await compileSql(table, { connectors: catalog });
  expect(diagnostics).toEqual([]);
  const nodes = present(plan, 'a plan').stages.flatMap(({ operators }) => operators.map(({ node }) => node));
  expect(nodes.find(({ kind }) => kind === 'source')).toMatchObject({
    specVersion: 1,
    table: 'orders',
    connector: 'kafka',
    connection: {
      profile: null,
      options: [
        'bootstrap_servers',
        'auth.type',
        'auth.protocol',
        'auth.mechanism',
        'auth.username',
        'auth.password',
      ],
    },
    format: { name: 'json' },
    secrets: ['auth.password'],
    primaryKey: [0],
    metadata: [null, 'timestamp'],
    changes: 'upsert',
  });
  expect(nodes.find(({ kind }) => kind === 'sink')).toMatchObject({
    format: null,
    changes: 'any',
    secrets: [],
  });
});

test('EXPLAIN VERBOSE shows no value of an option that its connector calls secret, whatever its name', async () => {
  const { plan } = await compileSql(table, { connectors: catalog });
  const text = explainPlan(present(plan, 'a plan'), true);
  expect(text).toContain("option auth.username = 'weir'");
  expect(text).not.toContain('hunter2');
});

test('every connector says itself which metadata it has, and what it takes', async () => {
  const said = connectors.map(async ({ name }) => {
    const resolved = await catalog.resolveTable({
      table: 't',
      connector: name,
      options: {},
      schema: null,
      primaryKey: [],
      metadata: [],
      use: 'declare',
    });
    if (resolved.kind !== 'resolved') throw new Error(`${name} is not known`);
    return [name, Object.keys(resolved.metadata).length > 0, resolved.changes.gives, resolved.changes.takes];
  });
  expect(await Promise.all(said)).toEqual([
    ['kafka', true, 'append', 'append'],
    ['confluent', true, 'append', 'append'],
    ['single_file', false, 'append', 'append'],
    ['nexmark', false, 'append', 'append'],
    ['blackhole', false, 'append', 'any'],
    ['stdout', false, 'append', 'any'],
    ['preview', false, 'append', 'any'],
  ]);
});

const avroTable = (schema: object, more = ''): string =>
  `CREATE TABLE orders WITH (connector = 'kafka', bootstrap_servers = 'kafka:9092', topic = 'orders', format = 'avro',
    'avro.schema' = '${JSON.stringify(schema)}'${more});`;
const order = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'amount', type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 }] },
    { name: 'lines', type: { type: 'array', items: 'int' } },
  ],
};

async function columnsRead(table: string) {
  const sql = `${table} CREATE TABLE none WITH (connector = 'blackhole'); INSERT INTO none SELECT * FROM orders;`;
  const { plan, diagnostics } = await compileSql(sql, { connectors: catalog });
  const nodes = plan?.stages.flatMap(({ operators }) => operators.map(({ node }) => node)) ?? [];
  const source = nodes.find((node) => node.kind === 'source');
  const columns = source?.schema.fields.map(
    ({ name, type, nullable }) => `${name} ${formatType(type)}${nullable ? '' : ' NOT NULL'}`,
  );
  return { columns, problems: diagnostics.map(({ code, message }) => `${code} ${message}`) };
}

test("'avro.schema' gives a table its columns; arrays are JSON, or lists where the table says so", async () => {
  expect(await columnsRead(avroTable(order))).toEqual({
    columns: ['id BIGINT NOT NULL', 'amount DECIMAL(10, 2)', 'lines JSON NOT NULL'],
    problems: [],
  });
  expect(await columnsRead(avroTable(order, ", 'avro.complex_types' = 'native'"))).toMatchObject({
    columns: ['id BIGINT NOT NULL', 'amount DECIMAL(10, 2)', 'lines INT[] NOT NULL'],
  });
});

test("an 'avro.schema' that can't be read, or that the query's columns can't be written with, is a compile error", async () => {
  const bad = await columnsRead(avroTable({ type: 'recrod', name: 'X' }));
  expect(bad.problems.join()).toContain("there is no type 'recrod' before it");
  const written = async (columns: string, query: string) => {
    const table = avroTable(order, ", type = 'sink'").replace('orders WITH', `orders ${columns} WITH`);
    const sql = `CREATE TABLE events WITH (connector = 'nexmark', message_count = '1'); ${table}
      INSERT INTO orders SELECT ${query} FROM events;`;
    return (await compileSql(sql, { connectors: catalog })).diagnostics.map(({ message }) => message);
  };
  expect(await written('', "1, 2.5, '[1]'::JSON")).toEqual([]);
  expect(await written('(id INT, amount DECIMAL(8, 1), lines JSON)', "1, 2.5, '[1]'::JSON")).toEqual([]);
  expect(await written('(id INT, amount DECIMAL(8, 1))', '1, 2.5')).toEqual([
    'field lines of the schema has no column and no default',
  ]);
  expect(await written('(id INT, amount DECIMAL(8, 3), lines JSON)', "1, 2.5, '[1]'::JSON")).toEqual([
    expect.stringContaining("column amount: DECIMAL(8, 3) can't be written as union of null"),
  ]);
});

test('what was declared of a table of avro must be what its schema can give', async () => {
  const declared = avroTable(order).replace('orders WITH', 'orders (id TEXT) WITH');
  expect((await columnsRead(declared)).problems.join()).toContain(
    "long was written, which can't be read as TEXT",
  );
});
