import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainReader } from '@weir/tool-chaos/plain-reader.ts';
import { ownRegistry } from '@weir/tool-stack/test-servers.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

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

const columns = `id BIGINT NOT NULL, flag BOOLEAN, tiny TINYINT, small SMALLINT, num INT, single FLOAT, wide DOUBLE,
  price DECIMAL(20, 4), name TEXT, raw BYTEA, day DATE, noon TIME, us TIMESTAMP, ms TIMESTAMP(3) WITH TIME ZONE,
  who STRUCT<age INT, tags TEXT[]>, counts BIGINT[], byName MAP<TEXT, DOUBLE>`;
const full =
  '{"id":9223372036854775807,"flag":true,"tiny":-128,"small":32767,"num":-2147483648,"single":1.5,"wide":1e-300,' +
  '"price":1234567890123456.7891,"name":"größe\\n","raw":"AP8=","day":"1969-12-31","noon":"23:59:59.999999",' +
  '"us":"2026-11-26T01:02:03.456789Z","ms":"1969-12-31T23:59:59.999Z","who":{"age":7,"tags":["x",""]},"counts":[1,-1],"byName":{"k":0.5}}';
const scalars =
  ['flag', 'tiny', 'small', 'num', 'single', 'wide', 'price', 'name', 'raw', 'day', 'noon', 'us', 'ms', 'who'] // prettier-ignore
    .map((name) => `"${name}":null`)
    .join(',');

test('C26: round trip of all SQL types in Protobuf, through Kafka and a registry', async () => {
  const [input, middle, output] = [
    await e2e.topic('typed', 1),
    await e2e.topic('messages', 1),
    await e2e.topic('back', 1),
  ];
  const registered = {
    format: 'protobuf',
    'schema_registry.endpoint': registry.endpoint,
    'schema_registry.api_key': 'alice',
    'schema_registry.api_secret': '{{ REGISTRY_SECRET }}',
  };
  await e2e.produce(input, [full, `{"id":1,${scalars},"counts":null,"byName":null}`]);
  await e2e.client.create({
    name: 'out',
    checkpointInterval: '200ms',
    sql: `CREATE TABLE typed (${columns}) ${e2e.with(input, 'source')}; CREATE TABLE messages (${columns}) ${e2e.with(middle, 'sink', registered)};
      INSERT INTO messages SELECT * FROM typed;`,
  });
  await e2e.client.create({
    name: 'back',
    checkpointInterval: '200ms',
    sql: `CREATE TABLE messages (${columns}) ${e2e.with(middle, 'source', registered)};
      CREATE TABLE back ${e2e.with(output, 'sink')}; INSERT INTO back SELECT * FROM messages;`,
  });
  const found = await waitUntil(
    async () => {
      const values: string[] = [];
      await plainReader(e2e.bootstrap).read(output, ({ value }) => values.push(value));
      return values.length >= 2 && values;
    },
    { what: 'two records in the last topic', everyMs: 100 },
  );
  // A list or map that is NULL is an empty one.
  expect(found).toEqual([full, `{"id":1,${scalars},"counts":[],"byName":{}}`]);
  for (const name of ['out', 'back']) await e2e.client.stop(name, 'immediate');
});
