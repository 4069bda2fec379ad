import { describe, expect, test } from 'vitest';
import { createOperator } from '@weir/operators/create-operator.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import type { Source } from '@weir/connectors/source.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import { present } from '@weir/kernel/assert.ts';
import { nothingRestored, type RestoredState } from '@weir/operators/operator.ts';
import { rejectedSchema } from '@weir/plan/rejected-schema.ts';
import { deadLetterPlan, exchangePlan, rowSchema } from '../testing/test-plans.ts';
import type { ChainNode } from './chain-node.ts';
import { composeRecordPath } from './record-path.ts';

let nowMs = 0;
const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };

function pathOf(source: Source, plan = exchangePlan) {
  return composeRecordPath({
    stage: present(plan.stages[0], 'the stage of the source'),
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
}

function openWatermark(node: ChainNode, source: Source, restored: RestoredState): void {
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
    restored,
  );
}

test('a restored watermark is in the next snapshot, although the source was not looked at before', () => {
  const source = {
    partitions: () => [0],
    partitionName: (partition: number) => `t/${partition}`,
  } as unknown as Source;
  const { chain, sources } = pathOf(source);
  const node = chain.node('watermark');
  openWatermark(node, source, { writers: [], splits: { 't/0': { watermarkMicros: 5_000_000 } } });
  for (const input of sources) input.announce();
  while (chain.hasPending) chain.drainStep();
  expect(chain.snapshot().map(({ state }) => state.splits)).toEqual([
    { 't/0': { watermarkMicros: 5_000_000 } },
  ]);
  expect(node.watermarkMicros).toBe(5_000_000);
});

/** Partitions that are read to their end from the start; batches are handed out one a poll. */
class QuietSource {
  readonly batches: Batch[] = [];
  readonly #partitions: readonly number[];
  #told: readonly number[] = [];
  readonly withRows = new Set<number>();

  constructor(partitions: readonly number[]) {
    this.#partitions = partitions;
  }

  partitions = () => this.#partitions;
  partitionName = (partition: number) => `t/${partition}`;
  poll = () => this.batches.shift();
  ended = false;

  takeEndChanges() {
    const atEnd = this.#partitions.filter((partition) => !this.withRows.has(partition));
    const changes = this.#partitions
      .filter((partition) => atEnd.includes(partition) !== this.#told.includes(partition))
      .map((partition) => ({ partition, atEnd: atEnd.includes(partition) }));
    this.#told = atEnd;
    return changes;
  }
}

function started(partitions: readonly number[]) {
  nowMs = 0;
  const fake = new QuietSource(partitions);
  const source = fake as unknown as Source;
  const { chain, sources } = pathOf(source);
  const node = chain.node('watermark');
  openWatermark(node, source, nothingRestored);
  const [input] = sources;
  const step = (): boolean => {
    const worked = present(input, 'the source').step();
    while (chain.hasPending) chain.drainStep();
    return worked;
  };
  input?.announce();
  const rows = (partition: number, micros: bigint): Batch => ({
    ...batchOfRows(new BatchBuilder(rowSchema), [[1n, micros, 'a']]),
    partition,
  });
  return { fake, node, step, rows };
}

describe('fault 1.1.1: idleness', () => {
  test.each([
    [0, [0, 1, 2, 3]],
    [3, [0, 1, 2, 3]],
    [0, [3, 2, 1, 0]],
    [2, [1, 3, 0, 2]],
  ])(
    'data in partition %i only, partitions in the order %j: the watermark is that of the data',
    (busy, order) => {
      const { fake, node, step, rows } = started(order);
      fake.batches.push(rows(busy, 7_000n));
      while (step());
      expect(node.watermarkMicros).toBe(-Infinity);
      nowMs = 50;
      while (step());
      expect(node.watermarkMicros).toBe(7_000);
    },
  );

  test('a partition becomes idle although another one always has rows at hand', () => {
    const { fake, node, step, rows } = started([0, 1]);
    for (let n = 1; n <= 60; n += 1) fake.batches.push(rows(0, BigInt(n)));
    for (nowMs = 0; nowMs <= 51; nowMs += 1) expect(step()).toBe(true);
    expect(fake.batches.length).toBeGreaterThan(0);
    expect(node.watermarkMicros).toBeGreaterThan(40);
  });

  test('what was fetched just before its time is up is looked at first', () => {
    const { fake, node, step, rows } = started([0, 1]);
    fake.batches.push(rows(0, 9_000n));
    while (step());
    nowMs = 50;
    fake.withRows.add(1);
    fake.batches.push(rows(1, 3_000n));
    while (step());
    expect(node.watermarkMicros).toBe(3_000);
  });
});

test('D2, I5: rejected records of a poll go down their own edge in the same step, also when it gave no rows', () => {
  const rejected = batchOfRows(new BatchBuilder(rejectedSchema), [
    [Buffer.from('x'), null, new Uint8Array(0), 0n, 't', 0n, 4n, null, 'WEIR-3101', 'bad'],
  ]);
  let polls = 0;
  const source = {
    partitions: () => [0],
    takeEndChanges: () => [],
    ended: false,
    poll: () => {
      polls += 1;
      return polls === 1
        ? { ...batchOfRows(new BatchBuilder(rowSchema), [[1n, 5n, 'a']]), partition: 0 }
        : undefined;
    },
    takeRejected: () => (polls < 3 ? rejected : undefined),
  } as unknown as Source;
  const { chain, sources } = pathOf(source, deadLetterPlan);
  openWatermark(chain.node('filter'), source, nothingRestored);
  const taken: string[] = [];
  const end = (name: string) => ({
    write: ({ rowCount, schema }: Batch) =>
      void taken.push(`${name}: ${rowCount} of ${schema.fields.length} columns`),
    watermark: () => {},
    idle: () => {},
    hasRoom: () => true,
  });
  chain.attachEnd('sink', end('sink'));
  chain.attachEnd('dead', end('dead'));
  const [input] = sources;
  const step = (): boolean => {
    const worked = present(input, 'the source').step();
    while (chain.hasPending) chain.drainStep();
    return worked;
  };
  expect([step(), taken]).toEqual([true, ['sink: 1 of 3 columns', 'dead: 1 of 10 columns']]);
  taken.length = 0;
  expect([step(), taken]).toEqual([true, ['dead: 1 of 10 columns']]);
  expect(step()).toBe(false);
  expect(chain.node('source').recordsOut).toBe(1);
});

test('K4: a subtask without partitions is idle, not ended; one that is found makes it active before its first row', () => {
  const found: number[] = [];
  const batches: Batch[] = [];
  const source = {
    partitions: () => found,
    partitionName: (partition: number) => `t/${partition}`,
    takeEndChanges: () => [],
    ended: false,
    poll: () => batches.shift(),
  } as unknown as Source;
  const { chain, sources } = pathOf(source);
  openWatermark(chain.node('watermark'), source, nothingRestored);
  const seen: string[] = [];
  chain.attachEnd('watermark', {
    write: ({ rowCount }) => void seen.push(`${rowCount} rows`),
    watermark: (micros) => void seen.push(`watermark ${micros}`),
    idle: (idle) => void seen.push(idle ? 'idle' : 'active'),
    hasRoom: () => true,
  });
  const input = present(sources[0], 'the source');
  const step = (): boolean => {
    const worked = input.step();
    while (chain.hasPending) chain.drainStep();
    return worked;
  };
  input.announce();
  expect([step(), input.ended, seen]).toEqual([false, false, ['idle']]);
  found.push(0);
  batches.push({ ...batchOfRows(new BatchBuilder(rowSchema), [[1n, 5n, 'a']]), partition: 0 });
  expect([step(), seen]).toEqual([true, ['idle', 'active', '1 rows', 'watermark 5']]);
});
