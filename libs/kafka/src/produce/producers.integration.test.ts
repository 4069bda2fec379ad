import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  makeTopic,
  openCluster,
  prepareTransaction,
  readAll,
  sendRecords,
  uniqueName,
} from '../testing/broker-test-kit.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { CompressionName } from '../contracts/produce.ts';
import { BatchPool } from './batch-pool.ts';
import { IdempotentProducer } from './idempotent-producer.ts';
import { TransactionalProducer } from './transactional-producer.ts';

const { Kafka, logLevel, CompressionTypes } = createRequire(import.meta.url)(
  'kafkajs',
) as typeof import('kafkajs');

let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await openCluster(inject('kafkaBootstrap'));
});
afterAll(() => cluster?.close());

const numbered = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

test('batches of many partitions arrive once and in order though connections break again and again', async () => {
  const topic = await makeTopic(cluster, 3);
  const own = await openCluster(inject('kafkaBootstrap'));
  const [broker] = await own.brokers();
  const producer = await IdempotentProducer.open(own, { maxInFlight: 2 });
  for (let batch = 0; batch < 60; batch++) {
    for (let partition = 0; partition < 3; partition++) {
      sendRecords(producer, { topic, partition }, numbered(20, `${batch}.`));
    }
    if (batch % 6 === 0)
      (await own.connectionTo(broker?.nodeId ?? -1, 'produce')).drop(new Error('cut by the test'));
    if (batch % 7 === 0) await new Promise(setImmediate);
  }
  await producer.flush();
  await producer.close();
  await own.close();
  const records = await readAll(cluster, topic);
  const expected = numbered(60).flatMap((batch) => numbered(20, `${batch}.`));
  for (let partition = 0; partition < 3; partition++) {
    expect(records.filter((r) => r.partition === partition).map((r) => r.value)).toEqual(expected);
  }
});

test('a transaction survives broken connections, and its first offsets point at its first batches', async () => {
  const topic = await makeTopic(cluster, 2);
  const before = await IdempotentProducer.open(cluster);
  sendRecords(before, { topic, partition: 1 }, ['earlier', 'earlier']);
  await before.flush();
  await before.close();
  const own = await openCluster(inject('kafkaBootstrap'));
  const [broker] = await own.brokers();
  const producer = await TransactionalProducer.open(own, uniqueName('tx'), { transactionTimeoutMs: 60_000 });
  for (let batch = 0; batch < 10; batch++) {
    sendRecords(producer, { topic, partition: batch % 2 }, [`${batch}`]);
    (await own.connectionTo(broker?.nodeId ?? -1, batch % 2 === 0 ? 'produce' : 'transaction')).drop();
  }
  await producer.flush();
  expect(producer.handle()).toMatchObject({ firstOffsets: { [`${topic}-0`]: 0, [`${topic}-1`]: 2 } });
  expect(producer.openSinceMs).toBeGreaterThan(0);
  expect(await producer.commit()).toMatchObject({ outcome: 'committed' });
  await own.close();
  expect((await readAll(cluster, topic)).filter((r) => r.partition === 1).map((r) => r.value)).toEqual([
    'earlier',
    'earlier',
    '1',
    '3',
    '5',
    '7',
    '9',
  ]);
});

test('what follows another producer overtakes it in no partition, and is written before that one has ended', async () => {
  const topic = await makeTopic(cluster, 2);
  const pool = new BatchPool(1024);
  const options = { transactionTimeoutMs: 60_000, pool };
  const first = await TransactionalProducer.open(cluster, uniqueName('tx'), options);
  const second = await TransactionalProducer.open(cluster, uniqueName('tx'), options);
  for (let batch = 0; batch < 40; batch++) sendRecords(first, { topic, partition: 0 }, [`first ${batch}`]);
  second.follow(first);
  for (let batch = 0; batch < 40; batch++) {
    sendRecords(second, { topic, partition: 0 }, [`second ${batch}`]);
    sendRecords(second, { topic, partition: 1 }, [`second ${batch}`]);
  }
  await second.flush();
  for (const producer of [first, second]) {
    await producer.flush();
    producer.handle();
    await producer.commit();
    await producer.close();
  }
  const records = await readAll(cluster, topic);
  const valuesOf = (of: number) => records.filter((r) => r.partition === of).map((r) => r.value);
  expect(valuesOf(0)).toEqual([...numbered(40, 'first '), ...numbered(40, 'second ')]);
  expect(valuesOf(1)).toEqual(numbered(40, 'second '));
});

test('an empty transaction has an empty handle and needs no EndTxn', async () => {
  const producer = await TransactionalProducer.open(cluster, uniqueName('tx'), {
    transactionTimeoutMs: 60_000,
  });
  await producer.flush();
  expect(producer.handle()).toEqual({ kind: 'empty' });
  expect(await producer.commit()).toMatchObject({ outcome: 'committed' });
  await producer.reinitialize();
});

test('one slot after another: reinitialize begins anew with the next epoch and sequences from 0', async () => {
  const topic = await makeTopic(cluster);
  const { producer, handle } = await prepareTransaction(cluster, [{ topic, partition: 0 }], {
    values: ['1', '1'],
  });
  await producer.commit();
  expect(() => sendRecords(producer, { topic, partition: 0 }, ['too early'])).toThrow(
    /takes no more batches/,
  );
  await producer.reinitialize();
  expect(producer.producerEpoch).toBe(handle.producerEpoch + 1);
  sendRecords(producer, { topic, partition: 0 }, ['2']);
  await producer.flush();
  expect(producer.handle()).toMatchObject({ firstOffsets: { [`${topic}-0`]: 3 } });
  await producer.commit();
  expect((await readAll(cluster, topic)).map((r) => r.value)).toEqual(['1', '1', '2']);
});

test('a zombie is fenced: its batch is refused and the failure sticks', async () => {
  const topic = await makeTopic(cluster);
  const { producer, handle } = await prepareTransaction(cluster, [{ topic, partition: 0 }]);
  await producer.commit();
  await producer.reinitialize();
  sendRecords(producer, { topic, partition: 0 }, ['before']);
  await producer.flush();
  const successor = await TransactionalProducer.open(cluster, handle.transactionalId, {
    transactionTimeoutMs: 60_000,
  });
  sendRecords(producer, { topic, partition: 0 }, ['zombie']);
  await expect(producer.flush()).rejects.toMatchObject({ code: 'WEIR-4022', disposition: 'fenced' });
  expect(() => producer.handle()).toThrow(/refused/);
  await successor.close();
  expect((await readAll(cluster, topic)).map((r) => r.value)).toEqual(['value']);
});

test('a record above max.message.bytes says the limit of the topic', async () => {
  const topic = await makeTopic(cluster, 1, { 'max.message.bytes': '2000' });
  const producer = await IdempotentProducer.open(cluster);
  sendRecords(producer, { topic, partition: 0 }, ['x'.repeat(5000)]);
  await expect(producer.flush()).rejects.toThrow(
    /a record of 50\d\d bytes is too large for .*whose max.message.bytes is 2000/,
  );
  await producer.close();
});

test('a topic that is not there is named, with what looks alike', async () => {
  const topic = await makeTopic(cluster);
  const producer = await IdempotentProducer.open(cluster);
  sendRecords(producer, { topic: `${topic}x`, partition: 0 }, ['lost']);
  await expect(producer.flush()).rejects.toMatchObject({
    code: 'WEIR-4003',
    hint: expect.stringContaining(topic) as string,
  });
  await producer.close();
});

test('more than the buffer holds: waitForRoom is what holds the caller back', async () => {
  const topic = await makeTopic(cluster);
  const producer = await IdempotentProducer.open(cluster, { bufferBytes: 200_000 });
  for (let i = 0; i < 20; i++) {
    sendRecords(producer, { topic, partition: 0 }, ['x'.repeat(50_000)]);
    if (!producer.hasRoom) await producer.waitForRoom(AbortSignal.timeout(60_000));
    expect(producer.hasRoom).toBe(true);
  }
  await producer.flush();
  await producer.close();
  expect(await readAll(cluster, topic)).toHaveLength(20);
});

describe('compression', () => {
  const records = [
    { key: 'k', value: 'v'.repeat(40_000), timestampMs: 1_700_000_000_123 },
    { key: null, value: null, timestampMs: 1_700_000_000_124 },
    ...numbered(2_000).map((i) => ({
      key: i,
      value: `value ${i}`,
      timestampMs: 1_700_000_000_000 + Number(i),
    })),
  ];
  const plain = records.map(({ key, value, timestampMs }) => ({ key, value, timestampMs }));
  const all: CompressionName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

  // The broker unpacks what it must pack otherwise: Java's codecs are the independent reader and writer.
  test.each(all.map((name, i) => [name, all[(i + 1) % all.length] ?? 'gzip'] as const))(
    'written with %s by us, packed again with %s by the broker, read by us',
    async (ours, brokers) => {
      const type = brokers === 'none' ? 'uncompressed' : brokers;
      const topic = await makeTopic(cluster, 1, { 'compression.type': type });
      const producer = await IdempotentProducer.open(cluster, { compression: ours });
      sendRecords(producer, { topic, partition: 0 }, records);
      await producer.flush();
      await producer.close();
      const read = await readAll(cluster, topic);
      expect(read.map(({ key, value, timestampMs }) => ({ key, value, timestampMs }))).toEqual(plain);
    },
  );

  test.each(['none', 'gzip'] as const)(
    'written with %s by us, read by kafkajs, and the other way round',
    async (name) => {
      const topic = await makeTopic(cluster);
      const producer = await IdempotentProducer.open(cluster, { compression: name });
      sendRecords(producer, { topic, partition: 0 }, records);
      await producer.flush();
      await producer.close();
      const kafka = new Kafka({ brokers: [inject('kafkaBootstrap')], logLevel: logLevel.NOTHING });
      const consumer = kafka.consumer({ groupId: uniqueName('group') });
      const seen: typeof plain = [];
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await new Promise<void>((resolve) => {
        void consumer.run({
          eachMessage: ({ message }) => {
            const { key, value, timestamp } = message;
            seen.push({
              key: key?.toString() ?? null,
              value: value?.toString() ?? null,
              timestampMs: Number(timestamp),
            });
            if (seen.length === records.length) resolve();
            return Promise.resolve();
          },
        });
      });
      await consumer.disconnect();
      expect(seen).toEqual(plain);
      const theirs = kafka.producer();
      await theirs.connect();
      await theirs.send({
        topic,
        compression: name === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
        messages: plain.map(({ key, value, timestampMs }) => ({ key, value, timestamp: `${timestampMs}` })),
      });
      await theirs.disconnect();
      const read = await readAll(cluster, topic);
      expect(
        read.slice(records.length).map(({ key, value, timestampMs }) => ({ key, value, timestampMs })),
      ).toEqual(plain);
    },
  );
});
