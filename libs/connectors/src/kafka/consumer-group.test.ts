import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { expect, test } from 'vitest';
import { ConsumerGroup, groupOf } from './consumer-group.ts';

test.each([
  [{}, 'weir-p-t'],
  [{ 'source.group_id_prefix': 'team-a' }, 'team-a-weir-p-t'],
  [{ 'source.group_id': 'mine' }, 'mine'],
])('K13: the group of %o is %s', (options, name) => {
  expect(groupOf(options, 'p', 't')).toBe(name);
});

test('S10: a group with members of its own is told in the status, until they are gone; nothing else fails', async () => {
  const lines: unknown[] = [];
  const group = new ConsumerGroup('g', 't', { info: () => {}, warn: (fields) => void lines.push(fields) });
  let refusal: WeirError | null = new WeirError('WEIR-4015', 'the consumer group has members');
  const cluster = Object.assign(new KafkaCluster({ bootstrapServers: ['a:1'], clientId: 'c' }), {
    coordinatorOf: async () => {
      throw refusal ?? new WeirError('WEIR-4005', 'Kafka refused to commit');
    },
  });
  const offsets = [{ topic: 'x', partition: 0, offset: 1 }];
  expect(group.warnings).toEqual([]);
  await group.commit(cluster, offsets);
  expect(group.warnings).toMatchObject([
    { code: 'WEIR-3210', message: expect.stringContaining("'g' has members of its own") as string },
  ]);
  refusal = null;
  await group.commit(cluster, offsets);
  expect([group.warnings, lines.length]).toEqual([[], 2]);
});
