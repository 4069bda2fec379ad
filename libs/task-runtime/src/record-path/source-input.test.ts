import { expect, test } from 'vitest';
import { createOperator } from '@weir/operators/create-operator.ts';
import type { Source } from '@weir/connectors/source.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import { present } from '@weir/kernel/assert.ts';
import { exchangePlan } from '../testing/test-plans.ts';
import { composeRecordPath } from './record-path.ts';

const clock: Clock = { nowMs: () => 0, monotonicMs: () => 0 };

test('a restored watermark is in the next snapshot, although the source was not looked at before', () => {
  const source = {
    partitions: () => [0],
    partitionName: (partition: number) => `t/${partition}`,
  } as unknown as Source;
  const { chain, sources } = composeRecordPath({
    stage: present(exchangePlan.stages[0], 'the stage of the source'),
    exchanges: [],
    firstEpoch: 7,
    clock,
    makeOperator: createOperator,
    sources: new Map([['source', source]]),
    sinks: new Map(),
    partitioner: () => ({ split: () => {} }),
    outbound: () => [],
    inbound: () => [],
    fail: (error) => {
      throw error;
    },
  });
  const node = chain.node('watermark');
  node.operator?.open(
    {
      output: node,
      clock,
      subtask: 0,
      parallelism: 1,
      keyGroups: 16,
      keyGroupStart: 0,
      keyGroupEnd: 16,
      partitionName: (partition) => source.partitionName(partition),
      count: () => {},
    },
    { writers: [], splits: { 't/0': { watermarkMicros: 5_000_000 } } },
  );
  for (const input of sources) input.announce();
  while (chain.hasPending) chain.drainStep();
  expect(chain.snapshot().map(({ state }) => state.splits)).toEqual([
    { 't/0': { watermarkMicros: 5_000_000 } },
  ]);
  expect(node.watermarkMicros).toBe(5_000_000);
});
