import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatType } from '@weir/columnar/sql-type.ts';
import { connectors } from '@weir/connectors/connector-registry.ts';
import { SqlVariables } from '@weir/connectors/options/sql-variables.ts';
import { noAccess } from '@weir/connectors/process-access.ts';
import { present } from '@weir/kernel/assert.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import { compileSql } from '@weir/sql/compile-sql.ts';
import { explainPlan } from '@weir/sql/explain/explain-plan.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { RegistryPool } from './registry/registry-pool.ts';
import { FakeRegistry } from './registry/testing/fake-registry.ts';
import { connectorCatalog } from './resolve-table.ts';

const access = { ...noAccess, variables: new SqlVariables({ TOPIC: 'filled' }) };
let registry: FakeRegistry;
let registries: RegistryPool;
beforeAll(async () => {
  registry = await FakeRegistry.start();
  registries = new RegistryPool(systemPorts(), {
    cluster: 'c',
    access,
    store: null,
    limits: { deadlineMs: 300 },
    log: { info: () => {}, warn: () => {} },
  });
});
afterAll(async () => {
  await registries.close();
  await registry.stop();
});

const record = (...fields: unknown[]): string =>
  JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields });
const id = { name: 'id', type: 'long' };
const note = { name: 'note', type: ['null', 'string'], default: null };

/** The options of a kafka table with this registry. */
function table(topic: string, options: Record<string, string> = {}): string {
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

const compile = (sql: string) =>
  compileSql(sql, { connectors: connectorCatalog({ connectors, registries, access }) });

async function planOf(sql: string): Promise<PhysicalPlan> {
  const { plan, diagnostics } = await compile(sql);
  expect(diagnostics).toEqual([]);
  return present(plan, 'a plan');
}

const sourceOf = (plan: PhysicalPlan) =>
  present(
    plan.stages.flatMap(({ operators }) => operators).find(({ node }) => node.kind === 'source'),
    'a source',
  );
const columnsOf = (plan: PhysicalPlan): string[] =>
  sourceOf(plan).output.fields.map(
    ({ name, type, nullable }) => `${name} ${formatType(type)}${nullable ? '' : ' NOT NULL'}`,
  );
const copy = (topic: string, options?: Record<string, string>): string =>
  `CREATE TABLE t ${table(topic, options)}; CREATE TABLE none WITH (connector = 'blackhole'); INSERT INTO none SELECT * FROM t;`;

describe('columns of a registry', () => {
  test('infer-avro: a table that is read without columns takes those of its subject, which are pinned beside its operator', async () => {
    const fields = [id, note, { name: 'tags', type: { type: 'array', items: 'string' } }];
    registry.subjects.register('orders-value', { schema: record(...fields) });
    const plan = await planOf(copy('orders'));
    expect(columnsOf(plan)).toEqual(['id BIGINT NOT NULL', 'note TEXT', 'tags JSON NOT NULL']);
    const source = sourceOf(plan);
    expect(plan.formats).toMatchObject({
      [source.id]: {
        key: null,
        value: {
          format: 'avro',
          text: record(...fields),
          references: [],
          origin: { kind: 'registry', registry: registry.endpoint, subject: 'orders-value', version: 1 },
          columns: [
            { column: 'id', path: ['id'], as: 'native' },
            { column: 'note', path: ['note'], as: 'native' },
            { column: 'tags', path: ['tags'], as: 'json' },
          ],
        },
      },
    });
    expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test('P1: another version of the schema, and the credentials to read it, give the same operator ids', async () => {
    registry.subjects.register('stable-value', { schema: record(id) });
    const first = await planOf(copy('stable'));
    registry.subjects.register('stable-value', { schema: record(id, note) });
    const second = await planOf(
      copy('stable', { 'schema_registry.bearer_token': 'x', 'value.subject': 'stable-value' }),
    );
    expect(columnsOf(second)).toEqual(['id BIGINT NOT NULL', 'note TEXT']);
    expect(sourceOf(second).id).toBe(sourceOf(first).id);
  });

  test("infer-version: 'schema_registry.version' and 'value.subject' name another schema than the newest of the topic", async () => {
    registry.subjects.register('many', { schema: record(id) });
    registry.subjects.register('many', { schema: record(id, note) });
    const plan = await planOf(copy('t', { 'value.subject': 'many', 'schema_registry.version': '1' }));
    expect(columnsOf(plan)).toEqual(['id BIGINT NOT NULL']);
  });

  test('infer-json: columns of a JSON Schema, where the table says that its values are framed', async () => {
    const schema =
      '{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"m":{"type":"object"}}}';
    registry.subjects.register('documents-value', { schema, schemaType: 'JSON' });
    const plan = await planOf(
      copy('documents', { format: 'json', 'json.confluent_schema_registry': 'true' }),
    );
    expect(columnsOf(plan)).toEqual(['id BIGINT NOT NULL', 'm JSON']);
    expect(plan.formats[sourceOf(plan).id]?.value).toMatchObject({ format: 'json', text: schema });
  });

  test('infer-protobuf: columns of the first message of a subject, or of the one that is named; what it refers to is pinned with it', async () => {
    const item = 'syntax = "proto3"; package shop; message Item { string sku = 1; }';
    registry.subjects.register('item', { schema: item, schemaType: 'PROTOBUF' });
    const schema = `syntax = "proto3"; package shop; import "item.proto"; import "google/protobuf/timestamp.proto";
      message Order { int64 id = 1; optional string note = 2; Item item = 3; repeated string tags = 4; google.protobuf.Timestamp at = 5; }
      message Other { bool b = 1; }`;
    const references = [{ name: 'item.proto', subject: 'item', version: 1 }];
    registry.subjects.register('proto-value', { schema, schemaType: 'PROTOBUF', references });
    const plan = await planOf(copy('proto', { format: 'protobuf' }));
    expect(columnsOf(plan)).toEqual([
      'id BIGINT NOT NULL',
      'note TEXT',
      'item STRUCT<sku TEXT>',
      'tags JSON NOT NULL',
      'at TIMESTAMP(6) WITH TIME ZONE',
    ]);
    expect(plan.formats[sourceOf(plan).id]?.value).toMatchObject({
      format: 'protobuf',
      message: 'shop.Order',
      references: [{ name: 'item.proto', text: item }],
    });
    const other = await planOf(copy('proto', { format: 'protobuf', 'protobuf.message': 'Other' }));
    expect(columnsOf(other)).toEqual(['b BOOLEAN NOT NULL']);
  });

  test('infer-debezium: columns of the rows that the envelope of a subject holds', async () => {
    const row = { type: 'record', name: 'Value', fields: [id, note] };
    const schema = JSON.stringify({
      type: 'record',
      name: 'Envelope',
      fields: [
        { name: 'before', type: ['null', row], default: null },
        { name: 'after', type: ['null', 'Value'], default: null },
        { name: 'op', type: 'string' },
      ],
    });
    registry.subjects.register('changes-value', { schema });
    const text = copy('changes', { format: 'debezium_avro' });
    const plan = await planOf(text);
    expect(columnsOf(plan)).toEqual(['id BIGINT NOT NULL', 'note TEXT']);
    expect(plan.formats[sourceOf(plan).id]?.value).toMatchObject({ format: 'avro', text: schema });
    registry.subjects.register('plain-value', { schema: JSON.stringify(row) });
    const { diagnostics } = await compile(copy('plain', { format: 'debezium_avro' }));
    expect(diagnostics[0]?.message).toMatch(/no Debezium envelope/);
  });

  test('infer-inline: columns of protobuf.schema, with a registry or without one', async () => {
    const schema = 'syntax = "proto3"; message Order { int64 id = 1; }';
    const framed = await planOf(copy('elsewhere', { format: 'protobuf', 'protobuf.schema': schema }));
    expect(columnsOf(framed)).toEqual(['id BIGINT NOT NULL']);
    expect(framed.formats[sourceOf(framed).id]?.value).toMatchObject({
      message: 'Order',
      origin: { kind: 'inline' },
    });
    const bare = `CREATE TABLE t WITH (connector = 'kafka', bootstrap_servers = 'k:1', topic = 't', format = 'protobuf', 'protobuf.schema' = '${schema}');
      CREATE TABLE none WITH (connector = 'blackhole'); INSERT INTO none SELECT * FROM t;`;
    expect(columnsOf(await planOf(bare))).toEqual(['id BIGINT NOT NULL']);
    const { diagnostics } = await compile(bare.replace('message Order', 'message First {} message Order'));
    expect(diagnostics.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
      expect.stringMatching(/declares several messages: set 'protobuf.message' to one of First, Order/),
    ]);
  });

  test('F13: avro with a registry is framed unless it says that its values are raw; json only where it says so', async () => {
    const framing = async (options: Record<string, string>) => {
      const columns = `CREATE TABLE t (id BIGINT) ${table('orders', options)};`;
      const plan = await planOf(
        `${columns} CREATE TABLE none WITH (connector = 'blackhole'); INSERT INTO none SELECT * FROM t;`,
      );
      const { node } = sourceOf(plan);
      return node.kind === 'source'
        ? node.options[`${options['format'] ?? 'avro'}.confluent_schema_registry`]
        : '';
    };
    expect(await framing({})).toBe('true');
    expect(await framing({ 'avro.raw_datums': 'true', 'avro.schema': record(id) })).toBeUndefined();
    expect(await framing({ format: 'json' })).toBeUndefined();
  });

  test('infer-inline: columns of avro.schema, as which records of any schema of the registry are read', async () => {
    const plan = await planOf(copy('elsewhere', { 'avro.schema': record(id, note) }));
    expect(columnsOf(plan)).toEqual(['id BIGINT NOT NULL', 'note TEXT']);
    expect(plan.formats[sourceOf(plan).id]?.value).toMatchObject({ origin: { kind: 'inline' } });
  });
});

describe('what people see of it', () => {
  test('DESCRIBE says what became JSON and why; EXPLAIN says which version of the schema is pinned', async () => {
    const fields = [id, { name: 'either', type: ['string', 'long'] }];
    registry.subjects.register('seen-value', { schema: record(...fields) });
    const { answers } = await compile(`CREATE TABLE t ${table('seen')}; DESCRIBE t;`);
    expect(answers.map(({ text }) => text)).toEqual([
      't\n  id BIGINT NOT NULL\n  either JSON NOT NULL\n  -- either: a union of string, long has no type in SQL\n',
    ]);
    const plan = await planOf(copy('seen'));
    expect(explainPlan(plan)).toMatch(/schema of the values: version 1 of subject 'seen-value', id \d+/);
  });
});

describe('which subject it is', () => {
  test('several topics, or a pattern, have none of their own', async () => {
    for (const topics of [{ topic: 'a,b' }, { topic: '', topic_pattern: 'a.*' }]) {
      const sql = copy('a', topics).replace("'topic' = '', ", '');
      expect((await compile(sql)).diagnostics).toMatchObject([
        { hint: expect.stringContaining("'value.subject'") as string },
      ]);
    }
    registry.subjects.register('shared', { schema: record(id) });
    expect(columnsOf(await planOf(copy('a,b', { 'value.subject': 'shared' })))).toEqual([
      'id BIGINT NOT NULL',
    ]);
  });

  test('variables of topic and subject are filled in; the plan keeps them', async () => {
    registry.subjects.register('filled-value', { schema: record(id) });
    const plan = await planOf(copy('{{ TOPIC }}'));
    expect(plan.formats[sourceOf(plan).id]?.value?.origin).toMatchObject({ subject: 'filled-value' });
    const { node } = sourceOf(plan);
    expect(node.kind === 'source' && node.options['topic']).toBe('{{ TOPIC }}');
  });
});

describe('when the registry is asked', () => {
  const asked = async (sql: string): Promise<string[]> => {
    const before = registry.calls.length;
    await compile(sql);
    return registry.calls.slice(before).map(({ request }) => request);
  };
  const version = 'GET /subjects/asked-value/versions/latest';

  test.each([
    ['SELECT * FROM t', [version]],
    ['WITH t AS (SELECT * FROM t) SELECT id FROM t', [version]],
    ['CREATE VIEW v AS SELECT id FROM t; SELECT * FROM v', [version]],
    ['SELECT * FROM u UNION ALL SELECT id FROM (SELECT id FROM T)', [version]],
    ['DESCRIBE t', [version]],
    ['WITH t AS (SELECT * FROM u) SELECT * FROM t', []],
    // Not for its columns: what they are written with is compared with what is there.
    ['INSERT INTO t SELECT * FROM u', [version, 'POST /subjects/asked-value']],
    ['SELECT * FROM u', []],
  ])('H5: %s', async (query, calls) => {
    registry.subjects.register('asked-value', { schema: record(id) });
    const other = `CREATE TABLE u (id BIGINT NOT NULL) ${table('other')};`;
    expect(await asked(`CREATE TABLE t ${table('asked')}; ${other} ${query};`)).toEqual(calls);
  });

  test('a table with columns never asks, whatever becomes of the registry', async () => {
    registry.misbehave({ kind: 'status', status: 500 });
    try {
      const sql = `CREATE TABLE t (id BIGINT) ${table('orders')}; CREATE TABLE none WITH (connector = 'blackhole'); INSERT INTO none SELECT * FROM t;`;
      expect(await asked(sql)).toEqual([]);
    } finally {
      registry.behave();
    }
  });
});

describe('what a registry has not, or refuses', () => {
  const problems = async (options: Record<string, string>) =>
    (await compile(copy('lost', options))).diagnostics.map(({ message, hint, span }) => ({
      message,
      hint,
      at: copy('lost', options).slice(span.start, span.end),
    }));

  test('a subject that is not there is told at what named it', async () => {
    expect(await problems({})).toMatchObject([
      { message: expect.stringContaining("subject 'lost-value'") as string, at: "'topic' = 'lost'" },
    ]);
    expect(await problems({ 'value.subject': 'nowhere' })).toMatchObject([
      { hint: expect.stringContaining('no such subject') as string, at: "'value.subject' = 'nowhere'" },
    ]);
  });

  test('a schema of another type names the format to use', async () => {
    registry.subjects.register('typed', { schema: '{"type":"object"}', schemaType: 'JSON' });
    expect(await problems({ 'value.subject': 'typed' })).toMatchObject([{ hint: "use format = 'json'" }]);
  });

  test('a strategy that names subjects by records needs the subject', async () => {
    expect(await problems({ subject_name_strategy: 'RecordNameStrategy' })).toMatchObject([
      { hint: expect.stringContaining("'value.subject'") as string },
    ]);
  });

  test('options of a registry without one, or that exclude each other, are told before anybody is asked', async () => {
    const calls = registry.calls.length;
    expect(await problems({ 'schema_registry.api_key': 'k' })).toMatchObject([
      { message: "'schema_registry.api_key' needs 'schema_registry.api_secret', too" },
    ]);
    expect(
      await problems({ 'avro.confluent_schema_registry': 'true', 'avro.raw_datums': 'true' }),
    ).toMatchObject([{ at: "'avro.raw_datums' = 'true'" }]);
    expect(registry.calls.length).toBe(calls);
  });

  test('P2: a registry that gives no answer is no fault of the text: it can be tried again', async () => {
    registry.misbehave({ kind: 'status', status: 503 });
    try {
      await expect(compile(copy('lost'))).rejects.toMatchObject({ code: 'WEIR-3501', disposition: 'retry' });
    } finally {
      registry.behave();
    }
  });
});
