import { afterAll, beforeAll, expect, test } from 'vitest';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { readAll, sendRecords } from '@weir/kafka/testing/broker-test-kit.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { E2eCluster, uniqueName } from './testing/e2e-cluster.ts';

let e2e: E2eCluster;
beforeAll(async () => {
  e2e = await E2eCluster.start({ workers: 1 });
});
afterAll(() => e2e?.dispose());

const headers = 'h STRUCT<key TEXT, value BYTEA>[]';

test('H19, K20: all metadata in and out: key, headers, time, and the partition that a column names', async () => {
  const [input, output] = [await e2e.topic('annotated', 2), await e2e.topic('copied', 2)];
  const producer = await IdempotentProducer.open(e2e.kafka);
  const record = {
    key: 'k1',
    value: '{"id": 1}',
    timestampMs: 1_700_000_123_456,
    headers: [
      { key: 'trace', value: Buffer.from('7') },
      { key: 'trace', value: null },
    ],
  };
  sendRecords(producer, { topic: input, partition: 0 }, [record, { value: '{"id": 2}' }]);
  sendRecords(producer, { topic: input, partition: 1 }, ['{"id": 3}']);
  await producer.flush();
  await producer.close();
  const more = {
    'sink.partitioner': 'target',
    'sink.compression': 'zstd',
    'sink.transaction_timeout': '2 minutes',
    client_configs: 'client.id=copier,batch.size=100000',
  };
  const sql = `
    CREATE TABLE a (
      id BIGINT NOT NULL, k BYTEA METADATA FROM 'key', ${headers} METADATA FROM 'headers',
      at TIMESTAMP(3) METADATA FROM 'timestamp', t TEXT METADATA FROM 'topic', p INT METADATA FROM 'partition', o BIGINT METADATA FROM 'offset'
    ) ${e2e.with(input, 'source')};
    CREATE TABLE b (
      id BIGINT NOT NULL, place TEXT, target INT, k BYTEA METADATA FROM 'key', ${headers} METADATA FROM 'headers',
      at TIMESTAMP(3) METADATA FROM 'timestamp'
    ) ${e2e.with(output, 'sink', more)};
    INSERT INTO b SELECT id, t || '/' || p || '@' || o AS place, 1 - p AS target, k, h, at FROM a;`;
  await e2e.client.create({ name: 'copied', sql, parallelism: 2, checkpointInterval: '200ms' });
  await e2e.client.untilState('copied', 'running');
  // Not by the plain reader, which can't decompress.
  const records = await waitUntil(
    async () => {
      const all = await readAll(e2e.kafka, output);
      return all.length >= 3 && all;
    },
    { what: '3 committed records', everyMs: 200 },
  );
  const found = records.toSorted((a, b) => ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
  expect(found).toMatchObject([
    {
      partition: 1,
      key: 'k1',
      value: JSON.stringify({ id: 1, place: `${input}/0@0`, target: 1 }),
      timestampMs: 1_700_000_123_456,
      headers: [
        ['trace', '7'],
        ['trace', null],
      ],
    },
    { partition: 1, key: null, value: JSON.stringify({ id: 2, place: `${input}/0@1`, target: 1 }) },
    { partition: 0, key: null, value: JSON.stringify({ id: 3, place: `${input}/1@0`, target: 0 }) },
  ]);
  expect(found.map((one) => one.headers)).toEqual([
    [
      ['trace', '7'],
      ['trace', null],
    ],
    undefined,
    undefined,
  ]);
});

test('H19: a map becomes headers, too', async () => {
  const [input, output] = [await e2e.topic('plain', 1), await e2e.topic('mapped', 1)];
  const sql = `
    CREATE TABLE a (id BIGINT NOT NULL, h MAP<TEXT, TEXT>) ${e2e.with(input, 'source')};
    CREATE TABLE b (id BIGINT NOT NULL, h MAP<TEXT, TEXT>) ${e2e.with(output, 'sink', { 'sink.headers_field': 'h' })};
    INSERT INTO b SELECT id, h FROM a;`;
  const created = await e2e.weir(
    'apply',
    e2e.sqlFile('mapped.sql', sql),
    '--name',
    'mapped',
    '--checkpoint-interval',
    '200ms',
  );
  expect(created).toMatchObject({ code: 0, stderr: '' });
  await e2e.produce(input, [{ id: 1, h: { by: 'weir' } }]);
  await e2e.untilCommitted(output, 1);
  expect((await readAll(e2e.kafka, output))[0]?.headers).toEqual([['by', 'weir']]);
});

test('K13: a second pipeline with the same group and topic is refused; group offsets tell how far the first is', async () => {
  const [input, output] = [await e2e.topic('grouped', 1), await e2e.topic('copied', 1)];
  const group = uniqueName('group');
  const copy = (name: string, options: Record<string, string>) => {
    const sql = `CREATE TABLE a (id BIGINT NOT NULL) ${e2e.with(input, 'source', options)};
      CREATE TABLE b (id BIGINT NOT NULL) ${e2e.with(output, 'sink')};
      INSERT INTO b SELECT id FROM a;`;
    return e2e.weir(
      'apply',
      e2e.sqlFile(`${name}.sql`, sql),
      '--name',
      name,
      '--checkpoint-interval',
      '200ms',
    );
  };
  expect((await copy('grouped', { 'source.group_id': group })).code).toBe(0);
  const second = await copy('grouped-2', { 'source.group_id': group });
  expect([second.code, second.stdout + second.stderr]).toEqual([
    1,
    expect.stringContaining(`names the consumer group '${group}' for the topic '${input}'`),
  ]);
  await e2e.produce(input, [{ id: 1 }, { id: 2 }]);
  await e2e.untilCommitted(output, 2);
  await e2e.client.stop('grouped');
  await e2e.client.untilState('grouped', 'stopped');
  await e2e.client.delete('grouped');
  // What the first one has told the group is where another one goes on.
  await e2e.produce(input, [{ id: 3 }]);
  await waitUntil(
    async () => (await copy('grouped-3', { 'source.group_id': group, 'source.offset': 'group' })).code === 0,
    {
      what: 'the group to be free',
      everyMs: 500,
    },
  );
  const rows = await e2e.untilCommitted<{ id: number }>(output, 3);
  expect(rows.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
});
