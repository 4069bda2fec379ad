import { afterAll, beforeEach, afterEach, beforeAll, expect, test } from 'vitest';
import { connectors } from '@weir/connectors/connector-registry.ts';
import { noAccess } from '@weir/connectors/process-access.ts';
import { present } from '@weir/kernel/assert.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import { compileSql } from '@weir/sql/compile-sql.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { RegistryPool } from './registry/registry-pool.ts';
import { FakeRegistry } from './registry/testing/fake-registry.ts';
import { connectorCatalog } from './resolve-table.ts';

let registry: FakeRegistry;
let registries: RegistryPool;
beforeAll(() => {
  registries = new RegistryPool(systemPorts(), {
    cluster: 'c',
    access: noAccess,
    store: null,
    log: { info: () => {}, warn: () => {} },
  });
});
beforeEach(async () => {
  registry = await FakeRegistry.start();
});
afterEach(() => registry.stop());
afterAll(() => registries.close());

function sink(topic: string, options: Record<string, string> = {}): string {
  const all = {
    connector: 'kafka',
    bootstrap_servers: 'kafka:9092',
    topic,
    format: 'avro',
    'schema_registry.endpoint': registry.endpoint,
    ...options,
  };
  return `WITH (${Object.entries(all)
    .map(([option, value]) => `'${option}' = '${value.replaceAll("'", "''")}'`)
    .join(', ')})`;
}

/** A pipeline that writes these columns of constants. */
async function compile(topic: string, columns: string, options?: Record<string, string>, more = '') {
  const sql = `CREATE TABLE events WITH (connector = 'nexmark', message_count = '1');
    CREATE TABLE out ${columns} ${sink(topic, options)}; ${more}
    INSERT INTO out SELECT 1, 'x' FROM events;`;
  const { plan, diagnostics } = await compileSql(sql, {
    connectors: connectorCatalog({ connectors, registries }),
  });
  const [pinned] = Object.values(plan?.formats ?? {});
  return {
    pin: pinned?.value ?? null,
    key: pinned?.key ?? null,
    problems: diagnostics.map(({ code, message }) => `${code} ${message}`),
    hints: diagnostics.map(({ hint }) => hint ?? ''),
  };
}

async function pinOf(...args: Parameters<typeof compile>): Promise<PinnedSchema> {
  const { pin, problems } = await compile(...args);
  expect(problems).toEqual([]);
  return present(pin, 'the schema of the sink');
}

const posts = (): string[] =>
  registry.calls
    .map(({ request }) => request)
    .filter(
      (request) => /^POST .*\/versions$/.test(request.split('?')[0]!) && !request.includes('compatibility'),
    );
const ids = '(id BIGINT NOT NULL, note TEXT)';
const old = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  doc: 'what people buy',
  fields: [
    {
      name: 'note',
      type: ['null', { type: 'string', 'avro.java.string': 'String' }],
      default: null,
      doc: 'why',
    },
    { name: 'id', type: 'long', aliases: ['number'] },
  ],
};

test('C25: a new subject gets the schema of the columns, named by the subject; compiling registers nothing', async () => {
  const pin = await pinOf('orders-1', ids);
  expect(pin).toMatchObject({ format: 'avro', registerAs: 'orders-1-value', origin: { kind: 'ddl' } });
  expect(JSON.parse(pin.text)).toEqual({
    type: 'record',
    name: 'orders_1_value',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'note', type: ['null', 'string'], default: null },
    ],
  });
  expect(posts()).toEqual([]);
  expect((await pinOf('orders-1', ids)).text).toBe(pin.text);
});

test('G1: names, documentation, aliases, order and agreed fields of the latest version stay; the same columns are the same schema', async () => {
  registry.subjects.register('orders-value', { schema: JSON.stringify(old) });
  const same = await pinOf('orders', ids);
  expect(same).toMatchObject({ writerId: 1, origin: { kind: 'registry', version: 1, id: 1 } });
  expect(same.registerAs).toBeUndefined();
  expect(JSON.parse(same.text)).toEqual(old);
  // Another column takes its place behind those that were there.
  const sql = '(other TEXT, note TEXT)';
  const changed = JSON.parse((await pinOf('orders', sql)).text) as { fields: { name: string }[] };
  expect(changed.fields.map(({ name }) => name)).toEqual(['note', 'other']);
});

test('register-incompatible: the registry says why, before anything is registered; two sinks are both asked', async () => {
  registry.subjects.register('orders-value', { schema: JSON.stringify(old) });
  const { problems, hints } = await compile(
    'orders',
    '(id BIGINT NOT NULL, amount TEXT NOT NULL)',
    {},
    `
    CREATE TABLE other (id BIGINT NOT NULL, price TEXT NOT NULL) ${sink('orders')}; INSERT INTO other SELECT 1, 'y' FROM events;`,
  );
  expect(problems).toHaveLength(2);
  expect(problems.join()).toMatch(/not compatible \(BACKWARD\) .*subject 'orders-value'.*price.*amount/s);
  expect(hints.join()).toMatch(/nothing was registered/);
  expect(posts()).toEqual([]);
});

test('register-read-only: a subject that takes no schema is told at once, and one that has this schema is used', async () => {
  const { text } = await pinOf('orders', ids);
  registry.subjects.register('orders-value', { schema: text });
  registry.subjects.setMode('orders-value', 'READONLY');
  expect((await pinOf('orders', ids)).writerId).toBe(1);
  const { problems } = await compile('orders', '(id BIGINT NOT NULL, other TEXT)');
  expect(problems.join()).toMatch(/mode READONLY/);
});

test('register-registry-down: nothing is compiled, and it may be tried again', async () => {
  registry.misbehave({ kind: 'status', status: 503 });
  await expect(compile('orders', ids)).rejects.toMatchObject({ disposition: 'retry' });
});

test("G2: with 'schema_registry.auto_register' = 'false' the latest version is written with, and must take the columns", async () => {
  const auto = { 'schema_registry.auto_register': 'false' };
  expect((await compile('orders', ids, auto)).problems.join()).toMatch(/no such subject|not found/i);
  registry.subjects.register('orders-value', { schema: JSON.stringify(old) });
  expect(await pinOf('orders', '(ID INT NOT NULL, note TEXT)', auto)).toMatchObject({
    text: JSON.stringify(old),
    writerId: 1,
    origin: { version: 1 },
  });
  const { problems } = await compile('orders', '(id BIGINT NOT NULL, other TEXT)', auto);
  expect(problems.join()).toMatch(/column other has no field in record shop.Order/);
  expect(posts()).toEqual([]);
});

test('subjects are named by strategy; an inline schema is registered as it is, if it is a strict one', async () => {
  const strategy = { subject_name_strategy: 'RecordNameStrategy' };
  expect((await pinOf('orders', ids, { ...strategy, 'avro.schema': JSON.stringify(old) })).registerAs).toBe(
    'shop.Order',
  );
  expect((await pinOf('orders', ids, strategy)).registerAs).toBe('orders_value');
  const lenient = JSON.stringify(old).replace('"default":null', '"default":"x"');
  const { problems } = await compile('orders', ids, { 'avro.schema': lenient });
  expect(problems.join()).toMatch(/no valid Avro schema/);
});

test('a subject of another type of schema is refused', async () => {
  registry.subjects.register('orders-value', { schema: '{"type":"object"}', schemaType: 'JSON' });
  expect((await compile('orders', ids)).problems.join()).toMatch(
    /has a schema of json, and the format is avro/,
  );
});

test('H17: keys of Avro are registered beside the values, of the columns that are in them', async () => {
  const { pin, key, problems } = await compile('orders', ids, {
    'key.format': 'avro',
    'key.fields': 'id',
    'key.in_value': 'false',
  });
  expect(problems).toEqual([]);
  expect(JSON.parse(key?.text ?? '')).toEqual({
    type: 'record',
    name: 'orders_key',
    fields: [{ name: 'id', type: 'long' }],
  });
  expect([pin?.registerAs, key?.registerAs]).toEqual(['orders-value', 'orders-key']);
  expect(JSON.parse(pin?.text ?? '')).toMatchObject({ fields: [{ name: 'note' }] });
  const told = (options: Record<string, string>) =>
    compile('orders', ids, options).then((made) => made.problems.join());
  expect(await told({ 'key.format': 'raw_bytes', 'key.fields': 'id' })).toMatch(
    /keys: .*takes one column of type BYTEA/,
  );
  expect(await told({ 'key.fields': 'nope' })).toMatch(/names the column 'nope'/);
});

test('C26: a table of JSON that names a registry registers its JSON Schema, and reads its own columns back', async () => {
  const json = { format: 'json', 'json.confluent_schema_registry': 'true' };
  const pin = await pinOf('orders', ids, json);
  expect(pin).toMatchObject({ format: 'json', registerAs: 'orders-value' });
  registry.subjects.register('orders-value', { schema: pin.text, schemaType: 'JSON' });
  expect((await pinOf('orders', ids, json)).writerId).toBe(1);
});

test('G4: of Protobuf a message is registered, whose fields keep their numbers over versions; what the latest one takes is not changed', async () => {
  const protobuf = { format: 'protobuf' };
  const pin = await pinOf('orders', ids, protobuf);
  expect(pin).toMatchObject({ format: 'protobuf', message: 'orders_value', registerAs: 'orders-value' });
  expect(pin.text).toContain('message orders_value {\n  int64 id = 1;\n  optional string note = 2;\n}');
  const schema =
    'syntax = "proto3"; package shop; message Order { optional string note = 3; sint64 id = 7; }';
  registry.subjects.register('orders-value', { schema, schemaType: 'PROTOBUF' });
  expect(await pinOf('orders', ids, protobuf)).toMatchObject({
    text: schema,
    message: 'shop.Order',
    writerId: 1,
  });
  const more = await pinOf('orders', '(id BIGINT NOT NULL, more TEXT)', protobuf);
  expect(more).toMatchObject({ message: 'shop.Order', registerAs: 'orders-value' });
  expect(more.text).toContain('  reserved 3;\n  sint64 id = 7;\n  optional string more = 8;\n');
  const given =
    'syntax = "proto3"; message Before {} message Mine { int64 id = 1; optional string note = 2; }';
  const mine = { ...protobuf, 'protobuf.schema': given, 'protobuf.message': 'Mine', 'value.subject': 'mine' };
  expect(await pinOf('orders', ids, mine)).toMatchObject({
    text: given,
    message: 'Mine',
    registerAs: 'mine',
  });
});

test('of changes in Avro the envelope is registered', async () => {
  const changes = { format: 'debezium_avro' };
  const pin = await pinOf('changes', ids, changes);
  const row = { type: 'record', name: 'Value', fields: [{ name: 'id', type: 'long' }, { name: 'note', type: ['null', 'string'], default: null }] }; // prettier-ignore
  expect(JSON.parse(pin.text)).toEqual({
    type: 'record',
    name: 'Envelope',
    fields: [
      { name: 'before', type: ['null', row], default: null },
      { name: 'after', type: ['null', 'Value'], default: null },
      { name: 'op', type: 'string' },
    ],
  });
  registry.subjects.register('changes-value', { schema: pin.text });
  expect(await pinOf('changes', ids, changes)).toMatchObject({ text: pin.text, writerId: 1 });
  const auto = { ...changes, 'schema_registry.auto_register': 'false' };
  expect(await pinOf('changes', ids, auto)).toMatchObject({ text: pin.text, writerId: 1 });
});
