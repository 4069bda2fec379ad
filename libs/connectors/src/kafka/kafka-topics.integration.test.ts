import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { bigintType, intType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { plainRows } from '@weir/columnar/row-view.ts';
import { createPartitions } from '@weir/kafka/admin/create-partitions.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteRecords } from '@weir/kafka/admin/delete-records.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { commitGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { sendRecords, type TestRecord } from '@weir/kafka/testing/broker-test-kit.ts';
import { present } from '@weir/kernel/assert.ts';
import { sourceNode } from '@weir/plan/testing/table-node.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { subtaskContext } from '../testing/connector-contexts.ts';
import { kafkaConnector } from './kafka-connector.ts';
import { KafkaSource } from './kafka-source.ts';
import { ownerOf } from './kafka-topics.ts';

const bootstrap = inject('kafkaBootstrap');
const ports = systemPorts();
let cluster: KafkaCluster;
let producer: IdempotentProducer;
beforeAll(async () => {
  cluster = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'test' });
  producer = await IdempotentProducer.open(cluster);
});
afterAll(async () => {
  await producer.close();
  await cluster.close();
});

const unique = (what: string): string => `${what}-${ports.rng.id(8)}`;

async function newTopic(topic: string, partitions = 1): Promise<string> {
  await createTopics(cluster, [{ topic, partitions }]);
  return topic;
}

async function send(topic: string, partition: number, ...records: (string | TestRecord)[]): Promise<void> {
  sendRecords(producer, { topic, partition }, records);
  await producer.flush();
}

const schema: Schema = {
  fields: [
    { name: 'v', type: textType, nullable: true },
    { name: 'topic', type: textType, nullable: false },
    { name: 'partition', type: intType, nullable: false },
    { name: 'offset', type: bigintType, nullable: false },
  ],
};
const nodeOf = (options: Record<string, string>) =>
  sourceNode({
    table: 't',
    connector: 'kafka',
    options: { bootstrap_servers: bootstrap, format: 'raw_string', 'source.offset': 'earliest', ...options },
    schema,
    metadata: [null, 'topic', 'partition', 'offset'],
  });

const start = (options: Record<string, string>): Promise<Readonly<Record<string, SplitState>>> =>
  present(kafkaConnector.resolveStart, 'start')(nodeOf(options), subtaskContext());

async function open(
  options: Record<string, string>,
  splits: Readonly<Record<string, SplitState>> = {},
  share: { subtask: number; parallelism: number } = { subtask: 0, parallelism: 1 },
): Promise<KafkaSource> {
  const source = new KafkaSource(nodeOf(options), subtaskContext(share));
  await source.open(splits);
  return source;
}

/** `topic/partition@offset value`, until so many have come. */
async function take(source: KafkaSource, count: number): Promise<string[]> {
  const rows: string[] = [];
  const deadline = AbortSignal.timeout(60_000);
  while (rows.length < count) {
    deadline.throwIfAborted();
    const batch = source.poll();
    source.takeEndChanges(false);
    if (batch === undefined) await source.wait(deadline);
    else {
      expect(source.partitions()).toContain(batch.partition);
      rows.push(
        ...plainRows(batch).map(([v, topic, partition, offset]) => `${topic}/${partition}@${offset} ${v}`),
      );
      const [first] = plainRows(batch);
      expect(source.partitionName(batch.partition)).toBe(`${first?.[1]}/${first?.[2]}`);
    }
  }
  return rows.toSorted();
}

const positions = (splits: Readonly<Record<string, SplitState>>) =>
  Object.fromEntries(Object.entries(splits).map(([name, { nextOffset }]) => [name, Number(nextOffset)]));

describe('start-positions', () => {
  const time = 1_700_000_000_000;
  const at = (...seconds: number[]): TestRecord[] =>
    seconds.map((second) => ({ value: `s${second}`, timestampMs: time + second * 1000 }));

  test('earliest, latest, a time, and a time behind the end; of an empty partition they are one', async () => {
    const topic = await newTopic(unique('starts'), 2);
    await send(topic, 0, ...at(0, 10, 20));
    const from = async (offset: string) => Object.values(positions(await start({ topic, 'source.offset': offset })));
    expect(await from('earliest')).toEqual([0, 0]);
    expect(await from('latest')).toEqual([3, 0]);
    expect(await from(`timestamp:${time + 5000}`)).toEqual([1, 0]);
    expect(await from('timestamp:2023-11-14T22:13:40Z')).toEqual([2, 0]);
    expect(await from('timestamp:2024-01-01')).toEqual([3, 0]);
  });

  test('group: what it has committed; without that an error, or where it is told to begin', async () => {
    const topic = await newTopic(unique('groups'), 2);
    await send(topic, 0, ...at(0, 10, 20));
    await send(topic, 1, ...at(0, 10));
    const group = unique('group');
    const from = async (offset: string) =>
      Object.values(positions(await start({ topic, 'source.offset': offset, 'source.group_id': group })));
    await expect(from('group')).rejects.toMatchObject({ code: 'WEIR-3209', hint: expect.stringContaining("'group, earliest'") });
    await expect(from('group')).rejects.toThrow(`the group '${group}' has no position for ${topic}/0`);
    await commitGroupOffsets(cluster, group, [{ topic, partition: 0, offset: 2 }]);
    await expect(from('group')).rejects.toThrow(`has no position for ${topic}/1`);
    expect(await from('group, earliest')).toEqual([2, 0]);
    expect(await from('group, latest')).toEqual([2, 2]);
    await commitGroupOffsets(cluster, group, [{ topic, partition: 1, offset: 1 }]);
    expect(await from('group')).toEqual([2, 1]);
  });

  test('group: an offset that the log has no longer is no position', async () => {
    const topic = await newTopic(unique('expired'));
    await send(topic, 0, ...at(0, 10, 20));
    const group = unique('group');
    await commitGroupOffsets(cluster, group, [{ topic, partition: 0, offset: 1 }]);
    await deleteRecords(cluster, { topic, partition: 0 }, 2);
    const options = { topic, 'source.group_id': group };
    await expect(start({ ...options, 'source.offset': 'group' })).rejects.toThrow(
      `stands at offset 1 of ${topic}/0, the log holds 2 to 3`,
    );
    expect(positions(await start({ ...options, 'source.offset': 'group, earliest' }))).toEqual({ [`${topic}/0`]: 2 });
  });
}); // prettier-ignore

describe('K9: several topics', () => {
  test('a list: partitions of one number in two topics are two, and the topic of each row is its own', async () => {
    const [a, b] = [await newTopic(unique('list-a'), 2), await newTopic(unique('list-b'))];
    await send(a, 0, 'a0');
    await send(a, 1, 'a1');
    await send(b, 0, 'b0', 'b1');
    const topic = `${a}, ${b}`;
    const splits = await start({ topic });
    expect(positions(splits)).toEqual({ [`${a}/0`]: 0, [`${a}/1`]: 0, [`${b}/0`]: 0 });
    const source = await open({ topic }, splits);
    const all = [`${a}/0@0 a0`, `${a}/1@0 a1`, `${b}/0@0 b0`, `${b}/0@1 b1`];
    expect(await take(source, 4)).toEqual(all);
    const snapshot = source.snapshot();
    expect(positions(snapshot)).toEqual({ [`${a}/0`]: 1, [`${a}/1`]: 1, [`${b}/0`]: 2 });
    await source.close();
    // Two subtasks read all of it, each partition once, from one snapshot.
    await send(b, 0, 'b2');
    await send(a, 1, 'a2');
    const rest: string[] = [];
    for (const subtask of [0, 1]) {
      const share = await open({ topic }, snapshot, { subtask, parallelism: 2 });
      const own = [`${a}/1@1 a2`, `${b}/0@2 b2`].filter((row) => {
        const [name = '', partition = ''] = (row.split('@')[0] ?? '').split('/');
        return ownerOf(name, Number(partition), 2) === subtask;
      });
      rest.push(...(await take(share, own.length)));
      await share.close();
    }
    expect(rest.toSorted()).toEqual([`${a}/1@1 a2`, `${b}/0@2 b2`]);
  });

  test('a pattern matches whole names; one that matches nothing is an error, and so is a topic that is gone', async () => {
    const name = unique('pattern');
    const [a, b] = [await newTopic(`${name}-1`), await newTopic(`${name}-22`)];
    await newTopic(`${name}-22-other`);
    const options = { topic_pattern: `${name}-\\d+` };
    const splits = await start(options);
    expect(Object.keys(splits).toSorted()).toEqual([`${a}/0`, `${b}/0`]);
    await expect(start({ topic_pattern: `${name}` })).rejects.toMatchObject({ code: 'WEIR-4003', message: expect.stringContaining('no topic matches') });
    await deleteTopics(cluster, [b]);
    await expect(open(options, splits)).rejects.toThrow(`the topic '${b}' does not exist`);
  });

  test('a dead letter topic that a filled-in pattern matches is refused at the start', async () => {
    const name = unique('own');
    await newTopic(name);
    const options = { topic_pattern: `${name}.*`, bad_data: 'dead_letter', 'dead_letter.topic': `${name}-dead` };
    await expect(start(options)).rejects.toMatchObject({ code: 'WEIR-3005', message: expect.stringContaining('would come back for ever') });
  });
}); // prettier-ignore

describe('partitions that are added while a table is read', () => {
  const quick = { client_configs: 'metadata.max.age.ms=200' };

  test('are read from their beginning, also by a subtask that had none, and are in the next snapshot', async () => {
    const topic = await newTopic(unique('grows'));
    await send(topic, 0, 'old');
    const options = { topic, 'source.offset': 'latest', ...quick };
    const splits = await start(options);
    const [first, second] = [ownerOf(topic, 0, 2), ownerOf(topic, 1, 2)];
    expect(first).not.toBe(second);
    const busy = await open(options, splits, { subtask: first, parallelism: 2 });
    const without = await open(options, splits, { subtask: second, parallelism: 2 });
    expect([without.partitions(), without.ended]).toEqual([[], false]);
    await createPartitions(cluster, topic, 3);
    await send(topic, 1, 'b');
    await send(topic, 2, 'c');
    expect(await take(without, 1)).toEqual([`${topic}/1@0 b`]);
    expect(await take(busy, 1)).toEqual([`${topic}/2@0 c`]);
    expect(positions(busy.snapshot())).toEqual({ [`${topic}/0`]: 1, [`${topic}/2`]: 1 });
    await Promise.all([busy.close(), without.close()]);
  });

  test('so are topics that a pattern comes to match', async () => {
    const name = unique('more');
    await newTopic(`${name}-1`);
    const options = { topic_pattern: `${name}-.*`, ...quick };
    const source = await open(options, await start(options));
    const later = await newTopic(`${name}-2`, 2);
    await send(later, 1, 'x', 'y');
    expect(await take(source, 2)).toEqual([`${later}/1@0 x`, `${later}/1@1 y`]);
    await source.close();
  });

  test('a bounded read reads none of them, and ends', async () => {
    const topic = await newTopic(unique('bounded'));
    await send(topic, 0, 'a');
    const options = { topic, 'source.bounded': 'latest', ...quick };
    const splits = await start(options);
    await createPartitions(cluster, topic, 2);
    await send(topic, 1, 'b');
    const source = await open(options, splits);
    expect(await take(source, 1)).toEqual([`${topic}/0@0 a`]);
    source.poll();
    expect([source.ended, source.partitions()]).toEqual([true, [0]]);
    await source.close();
  });
});
