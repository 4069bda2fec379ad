import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { plainReader } from '@weir/tool-chaos/plain-reader.ts';
import { ownRegistry } from '@weir/tool-stack/test-servers.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

// Three servers, and several pipelines one after the other.
vi.setConfig({ testTimeout: 300_000 });

let e2e: E2eCluster;
let registry: Awaited<ReturnType<typeof ownRegistry>>;

beforeAll(async () => {
  registry = await ownRegistry([{ name: 'alice', password: 'alice-secret' }]);
  e2e = await E2eCluster.start({ environment: { REGISTRY_SECRET: 'alice-secret' } });
});
afterAll(async () => {
  await e2e?.dispose();
  await registry?.dispose();
});

const registered = (more: Record<string, string> = {}) => ({
  format: 'avro',
  'schema_registry.endpoint': registry.endpoint,
  'schema_registry.api_key': 'alice',
  'schema_registry.api_secret': '{{ REGISTRY_SECRET }}',
  ...more,
});

async function values(topic: string, count: number): Promise<string[]> {
  const read = async () => {
    const found: string[] = [];
    await plainReader(e2e.bootstrap).read(topic, ({ value }) => found.push(value));
    return found.length >= count && found;
  };
  return waitUntil(read, { what: `${count} records in ${topic}`, everyMs: 100 });
}

async function subject(name: string): Promise<{ id: number; version: number; schema: string }> {
  const basic = Buffer.from('alice:alice-secret').toString('base64');
  const response = await fetch(`${registry.endpoint}/subjects/${name}/versions/latest`, {
    headers: { authorization: `Basic ${basic}` },
  });
  return (await response.json()) as { id: number; version: number; schema: string };
}

const columns = `id BIGINT NOT NULL, flag BOOLEAN, tiny TINYINT, small SMALLINT, num INT, single FLOAT, wide DOUBLE,
  price DECIMAL(20, 4), name TEXT, raw BYTEA, doc JSON, day DATE, noon TIME, us TIMESTAMP, ms TIMESTAMP(3) WITH TIME ZONE,
  who STRUCT<age INT, tags TEXT[]>, counts BIGINT[], byName MAP<TEXT, DOUBLE>`;
const full =
  '{"id":9223372036854775807,"flag":true,"tiny":-128,"small":32767,"num":-2147483648,"single":1.5,"wide":1e-300,' +
  '"price":1234567890123456.7891,"name":"größe\\n","raw":"AP8=","doc":{"a":[1,null]},"day":"1969-12-31","noon":"23:59:59.999999",' +
  '"us":"2026-11-26T01:02:03.456789Z","ms":"1969-12-31T23:59:59.999Z","who":{"age":7,"tags":["x",null]},"counts":[1,-1],"byName":{"k":0.5}}';
const empty = `{"id":1,${['flag', 'tiny', 'small', 'num', 'single', 'wide', 'price', 'name', 'raw', 'doc', 'day', 'noon', 'us', 'ms', 'who', 'counts', 'byName'].map((name) => `"${name}":null`).join(',')}}`;

test('C26: round trip of all SQL types in Avro, through Kafka and a registry; restarts need no registry', async () => {
  const [input, middle, output] = [
    await e2e.topic('typed', 1),
    await e2e.topic('types', 1),
    await e2e.topic('back', 1),
  ];
  await e2e.produce(input, [full, empty]);
  await e2e.client.create({
    name: 'out',
    checkpointInterval: '200ms',
    sql: `CREATE TABLE typed (${columns}) ${e2e.with(input, 'source')}; CREATE TABLE types (${columns}) ${e2e.with(middle, 'sink', registered())};
      INSERT INTO types SELECT * FROM typed;`,
  });
  const { id, version, schema } = await subject(`${middle}-value`);
  expect(version).toBe(1);
  expect(JSON.parse(schema)).toMatchObject({ type: 'record', name: `${middle}_value`.replaceAll('-', '_') });
  const [first] = await values(middle, 2);
  expect(
    Buffer.from(first!, 'utf8')
      .subarray(0, 5)
      .equals(Buffer.from([0, 0, 0, 0, id])),
  ).toBe(true);
  await e2e.client.create({
    name: 'back',
    checkpointInterval: '200ms',
    sql: `CREATE TABLE types ${e2e.with(middle, 'source', registered({ 'avro.complex_types': 'native' }))};
      CREATE TABLE back ${e2e.with(output, 'sink')}; INSERT INTO back SELECT * FROM types;`,
  });
  // JSON is the text of it in Avro.
  const expected = [full.replace('{"a":[1,null]}', JSON.stringify('{"a":[1,null]}')), empty];
  const back = await values(output, 2);
  expect(back).toEqual(expected);
  await registry.dispose();
  const { controllers, workers } = e2e.processes;
  await Promise.all(
    [...controllers, ...workers].map(async (process) => {
      await process.kill();
      await process.restart();
    }),
  );
  await e2e.produce(input, [full]);
  expect(await values(output, 3)).toEqual([...expected, expected[0]]);
  for (const name of ['out', 'back']) await e2e.client.stop(name, 'immediate');
});
