import { rowKind } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, doubleType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { appendMode, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { GroupAggregateNode, GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import { expect, test } from 'vitest';
import { nothingRestored } from '../operator.ts';
import { CheckedOperator } from '../testing/edge-check.ts';
import { GroupAggregateOperator } from './group-aggregate.ts';

const input: Schema = {
  fields: [
    { name: 'k', type: textType, nullable: true },
    { name: 'v', type: bigintType, nullable: true },
    { name: 'f', type: doubleType, nullable: true },
  ],
};
const kinds = {
  '+I': rowKind.insert,
  '-U': rowKind.updateBefore,
  '+U': rowKind.updateAfter,
  '-D': rowKind.delete,
};
type Symbol = keyof typeof kinds;
const symbolOf = (kind: number): string =>
  Object.entries(kinds).find(([, known]) => known === kind)?.[0] ?? '';

function call(
  name: GroupedCall['function'],
  argument: number | null,
  more: Partial<GroupedCall> = {},
): GroupedCall {
  const argumentType = argument === null ? null : (input.fields[argument]?.type ?? null);
  const type =
    name === 'count'
      ? bigintType
      : name === 'avg' || name.startsWith('var_')
        ? doubleType
        : (argumentType ?? bigintType);
  return { function: name, argument, filter: null, distinct: false, type, argumentType, ...more };
}

/** An aggregate by `k` under its edges' rules; `feed` gives what comes out of one batch, as `+I a 1`. */
function aggregate(
  aggregates: readonly GroupedCall[],
  modes: {
    takes?: ChangeMode;
    gives?: ChangeMode;
    keys?: readonly number[];
    ttlMs?: number;
    /** Rows may be taken away that did not come. */
    fromTheMiddle?: true;
  } = {},
) {
  const { takes = { kind: 'retract', key: null }, keys = [0], ttlMs = 0 } = modes;
  const gives = modes.gives ?? ({ kind: 'retract', key: keys.map((_, place) => place) } as const);
  const node: GroupAggregateNode = { kind: 'group_aggregate', keys, aggregates, ttlMs };
  const output: Schema = {
    fields: [
      ...keys.map((key) => input.fields[key]!),
      ...aggregates.map(({ type }, index) => ({ name: `a${index}`, type, nullable: true })),
    ],
  };
  const operator = new CheckedOperator(
    new GroupAggregateOperator(node, input, output, { input: takes, output: gives }),
    'the aggregate',
    [takes],
    gives,
    modes.fromTheMiddle !== true,
  );
  const emitted: string[] = [];
  const counters = new Map<string, number>();
  let nowMs = 0;
  operator.open(
    {
      output: {
        emit: (batch) => {
          const rows = plainRows(batch);
          const kind = (row: number): string => symbolOf(batch.rowKinds?.[row] ?? rowKind.insert);
          emitted.push(...rows.map((row, index) => `${kind(index)} ${row.join(' ')}`));
        },
        watermark: () => {},
        idle: () => {},
      },
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
      subtask: 0,
      parallelism: 1,
      keyGroups: 128,
      keyGroupStart: 0,
      keyGroupEnd: 128,
      partitionName: String,
      count: (metric, by) => counters.set(metric, (counters.get(metric) ?? 0) + by),
    },
    nothingRestored,
  );
  const builder = new BatchBuilder(input);
  return {
    counters,
    operator,
    at: (ms: number) => (nowMs = ms),
    feed(...changes: readonly (readonly [Symbol, ...PlainRow])[]): string[] {
      const batch = batchOfRows(
        builder,
        changes.map(([, k = null, v = null, f = null]) => [k, v, f]),
      );
      const rowKinds = Uint8Array.from(changes, ([symbol]) => kinds[symbol]);
      operator.process({ ...batch, rowKinds: takes.kind === 'append' ? null : rowKinds }, 0);
      return emitted.splice(0);
    },
    end(): string[] {
      operator.watermark(Infinity, 0);
      return emitted.splice(0);
    },
  };
}

test('D7: a batch gives the net change of a group, none where its row is as it was', () => {
  const { feed } = aggregate([call('count', null), call('sum', 1)]);
  expect(feed(['+I', 'a', 1n], ['+I', 'b', 5n], ['+I', 'a', 2n])).toEqual(['+I a 2 3', '+I b 1 5']);
  expect(feed(['-D', 'a', 1n], ['+I', 'a', 1n], ['+I', 'b', 1n])).toEqual(['-U b 1 5', '+U b 2 6']);
  expect(feed(['+I', 'c', 1n], ['-D', 'c', 1n])).toEqual([]);
  expect(feed(['-D', 'a', 2n], ['-U', 'b', 1n], ['+U', 'b', 3n], ['-D', 'a', 1n])).toEqual([
    '-D a 2 3',
    '-U b 2 6',
    '+U b 2 8',
  ]);
});

test('without keys the row is there over nothing, and stays when all is taken back', () => {
  const { feed, end } = aggregate([call('count', null), call('sum', 1)], { keys: [] });
  expect(end()).toEqual(['+I 0 ']);
  expect(feed(['+I', 'a', 4n])).toEqual(['-U 0 ', '+U 1 4']);
  expect(feed(['-D', 'a', 4n])).toEqual(['-U 1 4', '+U 0 ']);
});

test('K3: what takes away that which is not there is counted, and changes nothing', () => {
  const { feed, counters } = aggregate([call('count', null), call('count', 1, { distinct: true })], {
    fromTheMiddle: true,
  });
  expect(feed(['-D', 'a', 1n])).toEqual([]);
  expect(feed(['+I', 'a', 2n])).toEqual(['+I a 1 1']);
  expect(counters.get('unmatched_changes')).toBe(1);
});

test('by its key: new rows without the old ones, a delete when the last row goes', () => {
  const { feed } = aggregate([call('count', null)], { gives: { kind: 'upsert', key: [0] } });
  expect(feed(['+I', 'a'], ['+I', 'b'])).toEqual(['+I a 1', '+I b 1']);
  expect(feed(['+I', 'a'], ['-D', 'b'])).toEqual(['+U a 2', '-D b 1']);
});

test('distinct values under FILTERs go only with the last row that has them', () => {
  const { feed } = aggregate([call('count', 1, { distinct: true }), call('sum', 1, { distinct: true })]);
  expect(feed(['+I', 'a', 7n], ['+I', 'a', 7n], ['+I', 'a', null])).toEqual(['+I a 1 7']);
  expect(feed(['-D', 'a', 7n])).toEqual([]);
  expect(feed(['-U', 'a', 7n], ['+U', 'a', 8n])).toEqual(['-U a 1 7', '+U a 1 8']);
  expect(feed(['-D', 'a', 8n], ['+I', 'a', 8n], ['+I', 'a', 9n])).toEqual(['-U a 1 8', '+U a 2 17']);
});

test('distinct keys of inserts come once, as inserts', () => {
  const { feed } = aggregate([], { takes: appendMode, gives: appendMode });
  expect(feed(['+I', 'a'], ['+I', 'b'], ['+I', 'a'], ['+I', null])).toEqual(['+I a', '+I b', '+I ']);
  expect(feed(['+I', 'b'], ['+I', 'c'], ['+I', null])).toEqual(['+I c']);
});

test('a sum of floats comes back to what is left: rounding, NaN and infinities do not stay', () => {
  const { feed } = aggregate([call('sum', 2)]);
  expect(feed(['+I', 'a', null, 0.1], ['+I', 'a', null, 1e16])).toEqual(['+I a 10000000000000000']);
  expect(feed(['-D', 'a', null, 1e16])).toEqual(['-U a 10000000000000000', '+U a 0.1']);
  expect(feed(['+I', 'a', null, Infinity], ['+I', 'a', null, -Infinity])).toEqual(['-U a 0.1', '+U a NaN']);
  expect(feed(['-D', 'a', null, Infinity])).toEqual(['-U a NaN', '+U a -Infinity']);
  expect(feed(['-D', 'a', null, -Infinity])).toEqual(['-U a -Infinity', '+U a 0.1']);
});

test('updating_ttl: a group that nothing was written to is forgotten, silently', () => {
  const { feed, at } = aggregate([call('count', null)], { ttlMs: 10_000 });
  expect(feed(['+I', 'a'], ['+I', 'b'])).toEqual(['+I a 1', '+I b 1']);
  at(8000);
  expect(feed(['+I', 'a'])).toEqual(['-U a 1', '+U a 2']);
  at(12_000);
  expect(feed(['+I', 'a'], ['+I', 'b'])).toEqual(['-U a 2', '+U a 3', '+I b 1']);
});

test('min and max of rows that are taken back: the next one comes up', () => {
  const { feed } = aggregate([call('min', 1), call('max', 1), call('max', 2)]);
  expect(feed(['+I', 'a', 5n, 1.5], ['+I', 'a', 2n, NaN], ['+I', 'b', null])).toEqual([
    '+I a 2 5 NaN',
    '+I b   ',
  ]);
  expect(feed(['-D', 'a', 2n, NaN], ['+I', 'b', 7n])).toEqual([
    '-U a 2 5 NaN',
    '+U a 5 5 1.5',
    '-U b   ',
    '+U b 7 7 ',
  ]);
  expect(feed(['+I', 'a', 9n, 0], ['-D', 'a', 5n, 1.5])).toEqual(['-U a 5 5 1.5', '+U a 9 9 0']);
  expect(feed(['-D', 'b', null], ['-D', 'b', 7n])).toEqual(['-D b 7 7 ']);
  expect(feed(['+I', 'b', 1n])).toEqual(['+I b 1 1 ']);
});

test('variances come back to those of what is left; one value has none of a sample', () => {
  const { feed } = aggregate([call('var_pop', 2), call('stddev_samp', 2)]);
  expect(feed(['+I', 'a', null, 2], ['+I', 'a', null, 4])).toEqual(['+I a 1 1.4142135623730951']);
  expect(feed(['+I', 'a', null, NaN])).toEqual(['-U a 1 1.4142135623730951', '+U a NaN NaN']);
  expect(feed(['-D', 'a', null, NaN], ['-D', 'a', null, 2])).toEqual(['-U a NaN NaN', '+U a 0 ']);
});
