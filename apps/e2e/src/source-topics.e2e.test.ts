import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPartitions } from '@weir/kafka/admin/create-partitions.ts';
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

test('fault 1.1.3: the status says that partitions were added, and a stop and a start read them', async () => {
  const [input, output] = [await e2e.topic('grows', 2), await e2e.topic('grown', 1)];
  await e2e.client.create({
    name: 'grows',
    sql: copy(input, output, {}),
    parallelism: 2,
    checkpointInterval: '200ms',
  });
  await e2e.produce(input, records(10));
  await e2e.untilCommitted(output, 10);
  await createPartitions(e2e.kafka, input, 3);
  const told = await e2e.client.until('grows', 'to tell of new partitions', (now) => now.warnings.length > 0);
  expect(told.warnings).toMatchObject([
    {
      code: 'WEIR-3207',
      message: `table a: topic '${input}' has 3 partitions now; the 1 that was added since the pipeline started isn't read yet`,
      hint: expect.stringContaining('stop and start the pipeline'),
    },
  ]);
  expect((await e2e.weir('status', 'grows')).stdout).toContain(
    `warning: WEIR-3207 table a: topic '${input}'`,
  );
  await e2e.produce(input, records(5), 2);
  await e2e.client.stop('grows');
  await e2e.client.untilState('grows', 'stopped');
  await e2e.client.start('grows');
  expect(await e2e.untilCommitted(output, 15)).toHaveLength(15);
  expect((await e2e.client.untilState('grows', 'running')).warnings).toEqual([]);
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
