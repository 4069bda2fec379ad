import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeTopic, openCluster, sendRecords, uniqueName } from '../testing/broker-test-kit.ts';
import { KafkaCluster } from '../cluster-access.ts';
import { IdempotentProducer } from '../produce/idempotent-producer.ts';
import { describeConfigs, maxTransactionTimeoutMs } from './describe-configs.ts';
import { commitGroupOffsets, fetchGroupOffsets } from './group-offsets.ts';

let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await openCluster(inject('kafkaBootstrap'));
});
afterAll(() => cluster?.close());

test('offsets are committed to a group that nobody has joined, and read back', async () => {
  const topic = await makeTopic(cluster, 3);
  const group = uniqueName('group');
  const partitions = [0, 1, 2].map((partition) => ({ topic, partition }));
  expect(await fetchGroupOffsets(cluster, group, partitions)).toEqual([]);
  await commitGroupOffsets(cluster, group, [
    { topic, partition: 0, offset: 42 },
    { topic, partition: 2, offset: 2 ** 40 },
  ]);
  const read = [...(await fetchGroupOffsets(cluster, group, partitions))].sort(
    (a, b) => a.partition - b.partition,
  );
  expect(read).toEqual([
    { topic, partition: 0, offset: 42 },
    { topic, partition: 2, offset: 2 ** 40 },
  ]);
});

test('S10: nobody commits into a group that has members of its own, and it says so', async () => {
  const topic = await makeTopic(cluster, 1);
  const group = uniqueName('joined');
  const kafka = new Kafka({ brokers: [inject('kafkaBootstrap')], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: group });
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  await expect(
    commitGroupOffsets(cluster, group, [{ topic, partition: 0, offset: 0 }]),
  ).rejects.toMatchObject({
    code: 'WEIR-4015',
    message: expect.stringContaining(`'${group}' has members`) as string,
  });
  await consumer.disconnect();
});

test('offsets by timestamp: the first record at or after it, the end when there is none', async () => {
  const topic = await makeTopic(cluster, 2);
  const producer = await IdempotentProducer.open(cluster);
  sendRecords(
    producer,
    { topic, partition: 0 },
    [100, 200, 300].map((ms) => ({ value: 'v', timestampMs: 1_700_000_000_000 + ms })),
  );
  await producer.flush();
  await producer.close();
  const at = async (ms: number): Promise<number[]> =>
    (
      await cluster.fetchOffsets(
        [
          { topic, partition: 0 },
          { topic, partition: 1 },
        ],
        { timestampMs: 1_700_000_000_000 + ms },
        'read_committed',
      )
    ).map((found) => found.offset);
  expect(await at(0)).toEqual([0, 0]);
  expect(await at(150)).toEqual([1, 0]);
  expect(await at(300)).toEqual([2, 0]);
  expect(await at(301)).toEqual([3, 0]);
});

test('settings of topics and brokers', async () => {
  const topic = await makeTopic(cluster, 1, { 'max.message.bytes': '12345' });
  expect(
    (await describeConfigs(cluster, 'topic', topic, ['max.message.bytes'])).get('max.message.bytes'),
  ).toBe('12345');
  expect(await maxTransactionTimeoutMs(cluster)).toBeGreaterThan(0);
});

test('cluster id, brokers and topics', async () => {
  const topic = await makeTopic(cluster, 2);
  expect(await cluster.clusterId()).toMatch(/^[\w-]{22}$/);
  expect((await cluster.brokers()).length).toBeGreaterThan(0);
  expect(await cluster.listTopics()).toContain(topic);
  const [described] = await cluster.describeTopics([topic]);
  expect(described?.topicId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  expect(described?.partitions.map((p) => p.partition)).toEqual([0, 1]);
});

test('a missing topic names the ones that look alike', async () => {
  const topic = await makeTopic(cluster);
  await expect(cluster.describeTopics([topic.toUpperCase()])).rejects.toMatchObject({
    code: 'WEIR-4003',
    hint: expect.stringContaining(`did you mean '${topic}'`) as string,
  });
});

test('a broker that can not be reached says which and what to do; one that can is enough', async () => {
  const refused = KafkaCluster.open(
    { bootstrapServers: ['127.0.0.1:1'], clientId: 't' },
    { deadlineMs: 300 },
  );
  await expect(refused).rejects.toMatchObject({
    code: 'WEIR-4001',
    disposition: 'retry',
    message: expect.stringContaining("127.0.0.1:1 can't be reached") as string,
    hint: expect.stringContaining('nothing listens there') as string,
  });
  const both = await KafkaCluster.open({
    bootstrapServers: ['127.0.0.1:1', inject('kafkaBootstrap')],
    clientId: 't',
  });
  expect(await both.clusterId()).toBe(await cluster.clusterId());
  await both.close();
});

test('TLS to a plain listener fails soon, with a hint', async () => {
  const options = {
    bootstrapServers: [inject('kafkaBootstrap')],
    clientId: 't',
    ssl: true,
    connectionTimeoutMs: 2_000,
  };
  await expect(KafkaCluster.open(options, { deadlineMs: 300 })).rejects.toMatchObject({
    code: 'WEIR-4001',
    hint: expect.stringMatching(/TLS/) as string,
  });
});

test('a signal ends a wait', async () => {
  const controller = new AbortController();
  const opening = KafkaCluster.open(
    { bootstrapServers: ['127.0.0.1:1'], clientId: 't' },
    { signal: controller.signal },
  );
  controller.abort(new Error('given up'));
  await expect(opening).rejects.toThrow('given up');
});
