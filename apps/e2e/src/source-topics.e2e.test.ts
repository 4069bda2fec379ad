import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPartitions } from '@weir/kafka/admin/create-partitions.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { fetchGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import { E2eCluster, uniqueName } from './testing/e2e-cluster.ts';

let e2e: E2eCluster;
beforeAll(async () => {
  e2e = await E2eCluster.start({ workers: 2 });
});
afterAll(() => e2e.dispose());

const copy = (input: string, output: string, more: Record<string, string>) => `
  CREATE TABLE a (id BIGINT NOT NULL) ${e2e.with(input, 'source', more)};
  CREATE TABLE b (id BIGINT NOT NULL) ${e2e.with(output, 'sink')};
  INSERT INTO b SELECT id FROM a;`;
const records = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

async function groupOffsets(group: string, topic: string, partitions: number): Promise<number[]> {
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  const found = await fetchGroupOffsets(e2e.kafka, group, all);
  return all.map(({ partition }) => found.find((one) => one.partition === partition)?.offset ?? -1);
}

test('K9: partitions that are added, and topics that a pattern comes to match, are read while it runs, each record once over a kill', async () => {
  const input = await e2e.topic('grows', 2);
  const output = await e2e.topic('grown', 1);
  const options = { topic_pattern: `${input}.*`, client_configs: 'metadata.max.age.ms=300' };
  const sql = copy(input, output, options).replace(`'topic' = '${input}', `, '');
  const settings = { name: 'grows', sql, parallelism: 2, checkpointInterval: '200ms' };
  await e2e.client.create(settings);
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => ({ id: from + n }));
  await e2e.produce(input, ids(0, 10));
  await e2e.untilCommitted(output, 10);
  await createPartitions(e2e.kafka, input, 3);
  const later = `${input}-later`;
  await createTopics(e2e.kafka, [{ topic: later, partitions: 2 }]);
  await e2e.produce(input, ids(10, 15), 2);
  await e2e.produce(later, ids(15, 25));
  await e2e.untilCommitted(output, 25);
  // From here on they are in the checkpoint: a recovery goes on, and reads nothing of them again.
  await e2e.processes.workers[0]?.kill();
  await e2e.produce(input, ids(25, 30), 2);
  await e2e.processes.workers[0]?.restart();
  await e2e.untilCommitted(output, 30);
  const found = (await e2e.committed<{ id: number }>(output)).map(({ id }) => id).toSorted((a, b) => a - b);
  expect(found).toEqual(ids(0, 30).map(({ id }) => id));
  expect((await e2e.client.untilState('grows', 'running')).warnings).toEqual([]);
});

test('a topic that is gone while it is read fails the pipeline, by its name', async () => {
  const [input, output] = [await e2e.topic('gone', 1), await e2e.topic('left', 1)];
  await e2e.client.create({ name: 'gone', sql: copy(input, output, {}), checkpointInterval: '200ms' });
  await e2e.produce(input, records(3));
  await e2e.untilCommitted(output, 3);
  await deleteTopics(e2e.kafka, [input]);
  const { problem } = await e2e.client.untilState('gone', 'failed');
  expect([problem?.code, problem?.message]).toEqual([
    'WEIR-4003',
    expect.stringContaining(`'${input}' does not exist`),
  ]);
});

test('fault 1.1.11: a bounded read that finishes leaves its last offsets in the consumer group', async () => {
  const [input, output] = [await e2e.topic('ends', 4), await e2e.topic('ended', 1)];
  await e2e.produce(input, records(40));
  const group = uniqueName('bounded');
  // A long interval: the last epoch is the only one.
  const more = { 'source.bounded': 'latest', 'source.group_id': group };
  const sql = copy(input, output, more);
  await e2e.client.create({ name: 'ends', sql, parallelism: 2, checkpointInterval: '60s' });
  await e2e.client.untilState('ends', 'finished');
  expect(await groupOffsets(group, input, 4)).toEqual([10, 10, 10, 10]);
});

test('fault 1.1.11: so does a pipeline that is stopped with a checkpoint', async () => {
  const [input, output] = [await e2e.topic('stops', 2), await e2e.topic('stopped', 1)];
  const group = uniqueName('stopped');
  const sql = copy(input, output, { 'source.group_id': group });
  await e2e.client.create({ name: 'stops', sql, parallelism: 1, checkpointInterval: '60s' });
  await e2e.client.untilState('stops', 'running');
  await e2e.produce(input, records(20));
  await e2e.client.until('stops', 'to have read all', (now) => (now.operators[0]?.recordsOut ?? 0n) === 20n);
  await e2e.client.stop('stops');
  await e2e.client.untilState('stops', 'stopped');
  expect(await groupOffsets(group, input, 2)).toEqual([10, 10]);
});
