import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { present } from '@weir/kernel/assert.ts';
import { cached } from '@weir/tool-stack/download-cache.ts';
import { pipInstall } from '@weir/tool-stack/pip-install.ts';
import { findOnPath, runCommand } from '@weir/tool-stack/run-command.ts';
import { ownRegistry } from '@weir/tool-stack/test-servers.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

// Three servers, and packages of others, which may have to be fetched.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

const script = fileURLToPath(new URL('testing/confluent_serializers.py', import.meta.url));
const npmPackages = ['@confluentinc/schemaregistry', '@kafkajs/confluent-schema-registry'];
const full = process.env['WEIR_TEST_FULL'] === '1';

let e2e: E2eCluster;
let registry: Awaited<ReturnType<typeof ownRegistry>>;
/** Folders with what could be had of others' clients. */
let python: string | undefined;
let npm: string | undefined;

beforeAll(async () => {
  if (!full) return;
  python = await cached('confluent-kafka-serializers-pypi', (target) =>
    pipInstall('confluent-kafka[avro,json]', target),
  );
  npm = await cached('schema-registry-clients-npm', async (target) => {
    const options = ['install', '--no-audit', '--no-fund', '--prefix', target, ...npmPackages];
    return (await runCommand(findOnPath('npm') ?? 'npm', options, { deadlineMs: 300_000 })).ok;
  });
  registry = await ownRegistry();
  e2e = await E2eCluster.start();
});
afterAll(async () => {
  await e2e?.dispose();
  await registry?.dispose();
});

/** Runs Confluent's Python client; lines in, lines out. */
function librdkafka(
  mode: string,
  topic: string,
  rest: readonly string[],
  lines: readonly string[] = [],
): Promise<string[]> {
  const program = present(findOnPath('python3', 'python'), 'Python');
  return new Promise((resolve, reject) => {
    const child = spawn(program, [script, mode, e2e.bootstrap, registry.endpoint, topic, ...rest], {
      env: { ...process.env, PYTHONPATH: python },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(out.split('\n').filter((line) => line !== '')) : reject(new Error(complaint)),
    );
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  });
}

interface ConfluentRegistry {
  readonly SerdeType: { readonly VALUE: unknown };
  readonly SchemaRegistryClient: new (config: object) => {
    register(subject: string, schema: object): Promise<number>;
  };
  readonly AvroSerializer: new (
    client: object,
    part: unknown,
    config: object,
  ) => { serialize(topic: string, value: object): Promise<Buffer> };
  readonly AvroDeserializer: new (
    client: object,
    part: unknown,
    config: object,
  ) => { deserialize(topic: string, value: Buffer): Promise<unknown> };
}

interface KafkajsRegistry {
  readonly SchemaRegistry: new (config: object) => {
    register(schema: object, options: object): Promise<{ id: number }>;
    encode(id: number, value: object): Promise<Buffer>;
    decode(value: Buffer): Promise<unknown>;
  };
}

function load<T>(name: string): T {
  return createRequire(join(present(npm, 'npm packages'), 'package.json'))(name) as T;
}

const options = (more: Record<string, string> = {}) => ({
  format: 'avro',
  'schema_registry.endpoint': registry.endpoint,
  ...more,
});
const schema = JSON.stringify({
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
  ],
});
const orders = [
  { id: 1, note: 'größe', kind: 'A', tags: ['x', 'y'] },
  { id: 2 ** 40, note: null, kind: 'B', tags: [] },
];

async function npmEncoded(client: 'confluent' | 'kafkajs', topic: string): Promise<string[]> {
  if (client === 'kafkajs') {
    const { SchemaRegistry } = load<KafkajsRegistry>('@kafkajs/confluent-schema-registry');
    const theirs = new SchemaRegistry({ host: registry.endpoint });
    const { id } = await theirs.register({ type: 'AVRO', schema }, { subject: `${topic}-value` });
    return Promise.all(orders.map(async (order) => (await theirs.encode(id, order)).toString('base64')));
  }
  const { AvroSerializer, SchemaRegistryClient, SerdeType } = load<ConfluentRegistry>(
    '@confluentinc/schemaregistry',
  );
  const theirs = new SchemaRegistryClient({ baseURLs: [registry.endpoint] });
  await theirs.register(`${topic}-value`, { schemaType: 'AVRO', schema });
  const serializer = new AvroSerializer(theirs, SerdeType.VALUE, { useLatestVersion: true });
  return Promise.all(
    orders.map(async (order) => (await serializer.serialize(topic, order)).toString('base64')),
  );
}

test.runIf(full)(
  'what the serializers of Confluent (Python, npm) and kafkajs write is read',
  async (context) => {
    if (python === undefined || npm === undefined)
      return context.skip('confluent-kafka or the npm clients can not be had');
    const output = await e2e.topic('read', 1);
    for (const client of ['python', 'confluent', 'kafkajs'] as const) {
      const topic = await e2e.topic(client, 1);
      if (client === 'python')
        await librdkafka(
          'write',
          topic,
          [schema],
          orders.map((order) => JSON.stringify(order)),
        );
      else await librdkafka('put', topic, [], await npmEncoded(client, topic));
      const sql = `CREATE TABLE t ${e2e.with(topic, 'source', options())}; CREATE TABLE out ${e2e.with(output, 'sink')}; INSERT INTO out SELECT * FROM t;`;
      await e2e.client.create({ name: `read-${client}`, sql, checkpointInterval: '200ms' });
    }
    const rows = await e2e.untilCommitted(output, 6);
    const byId = (a: { id?: number }, b: { id?: number }) => Number(a.id) - Number(b.id);
    const expected = orders.flatMap((order) => [order, order, order]);
    expect(rows.toSorted(byId)).toEqual(expected.toSorted(byId));
    for (const client of ['python', 'confluent', 'kafkajs'])
      await e2e.client.stop(`read-${client}`, 'immediate');
  },
);

test.runIf(full)(
  'what is written in Avro and JSON with a registry is read by their deserializers',
  async (context) => {
    if (python === undefined || npm === undefined)
      return context.skip('confluent-kafka or the npm clients can not be had');
    const input = await e2e.topic('input', 1);
    const row =
      '{"id":4503599627370496,"name":"größe","price":12.50,"raw":"AP8=","day":"2026-11-26","at":"2026-11-26T01:02:03.456Z","flag":true,"tags":["x",null],"score":0.5}';
    await e2e.produce(input, [row, '{"id":1}']);
    const columns =
      'id BIGINT NOT NULL, name TEXT, price DECIMAL(10, 2), raw BYTEA, day DATE, at TIMESTAMP(3), flag BOOLEAN, tags TEXT[], score DOUBLE';
    const topics = { avro: await e2e.topic('avro', 1), json: await e2e.topic('json', 1) };
    const json = { format: 'json', 'json.confluent_schema_registry': 'true' };
    await e2e.client.create({
      name: 'write',
      checkpointInterval: '200ms',
      sql: `CREATE TABLE i (${columns}) ${e2e.with(input, 'source')}; CREATE TABLE a (${columns}) ${e2e.with(topics.avro, 'sink', options())};
      CREATE TABLE j (${columns}) ${e2e.with(topics.json, 'sink', options(json))}; INSERT INTO a SELECT * FROM i; INSERT INTO j SELECT * FROM i;`,
    });
    const parsed = (lines: readonly string[]) =>
      lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const nothing = {
      name: null,
      price: null,
      raw: null,
      day: null,
      at: null,
      flag: null,
      tags: null,
      score: null,
    };
    const common = {
      id: 4503599627370496,
      name: 'größe',
      day: '2026-11-26',
      flag: true,
      tags: ['x', null],
      score: 0.5,
    };
    expect(parsed(await librdkafka('read', topics.avro, ['2', 'avro']))).toEqual([
      { ...common, price: '12.50', raw: '00ff', at: '2026-11-26T01:02:03.456000+00:00' },
      { id: 1, ...nothing },
    ]);
    expect(parsed(await librdkafka('read', topics.json, ['2', 'json']))).toEqual([
      { ...common, price: 12.5, raw: 'AP8=', at: '2026-11-26T01:02:03.456Z' },
      { id: 1, ...nothing },
    ]);
    const [first] = (await librdkafka('take', topics.avro, ['1'])).map((line) => Buffer.from(line, 'base64'));
    const { AvroDeserializer, SchemaRegistryClient, SerdeType } = load<ConfluentRegistry>(
      '@confluentinc/schemaregistry',
    );
    const deserializer = new AvroDeserializer(
      new SchemaRegistryClient({ baseURLs: [registry.endpoint] }),
      SerdeType.VALUE,
      {},
    );
    const { SchemaRegistry } = load<KafkajsRegistry>('@kafkajs/confluent-schema-registry');
    for (const value of [
      await deserializer.deserialize(topics.avro, first!),
      await new SchemaRegistry({ host: registry.endpoint }).decode(first!),
    ])
      expect(value).toMatchObject({ id: common.id, flag: true, score: 0.5 });
    await e2e.client.stop('write', 'immediate');
  },
);
