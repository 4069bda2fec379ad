import type { PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import type { OverCall, OverFrame, OverNode } from '@weir/plan/nodes/over.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { describe, expect, test } from 'vitest';
import { OperatorHarness, PieceStore, restoredFrom } from '../testing/operator-harness.ts';
import { OverOperator } from './over-operator.ts';

const input: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: true },
    { name: 'ts', type: timestampType, nullable: false },
    { name: 'price', type: bigintType, nullable: true },
    { name: 'ends', type: timestampType, nullable: false },
  ],
};

const bare = { argument: 2, argumentType: bigintType, offset: 0, type: bigintType } as const;
const rows = (from: number | null, to: number | null): OverFrame => ({ unit: 'rows', from, to });
const range = (from: number | null, to: number | null): OverFrame => ({ unit: 'range', from, to });

const byTime: readonly OverCall[] = [
  { ...bare, function: 'sum', frame: range(null, 0) },
  { ...bare, function: 'sum', frame: rows(-2, 0) },
  { ...bare, function: 'max', frame: range(-5, 0) },
  { ...bare, function: 'lag', frame: rows(null, 0), offset: 3 },
  { ...bare, function: 'row_number', argument: null, argumentType: null, frame: rows(null, 0) },
];
const inWindows: readonly OverCall[] = [
  ...byTime,
  { ...bare, function: 'lead', frame: rows(null, 0), offset: 1 },
  { ...bare, function: 'sum', frame: rows(null, null) },
  { ...bare, function: 'min', frame: rows(-1, 2) },
  { ...bare, function: 'sum', frame: range(-4, 4) },
  { ...bare, function: 'rank', argument: null, argumentType: null, frame: rows(null, 0) },
];

function makeOperator(emit: OverNode['emit'], calls: readonly OverCall[]): OverOperator {
  const order = [{ column: 1, descending: false, nullsFirst: false }];
  const node: OverNode = {
    kind: 'over',
    emit,
    partition: emit === 'window' ? [0, 3] : [0],
    order,
    calls,
    time: emit === 'window' ? 3 : 1,
  };
  const added = calls.map((_, index) => ({ name: `c${index}`, type: bigintType, nullable: true }));
  return new OverOperator(node, input, { fields: [...input.fields, ...added] });
}

type Numbers = readonly (number | null)[];

/** A call of one row of a sorted partition, by a loop. */
function valueOf(call: OverCall, sorted: readonly Numbers[], at: number): number | null {
  const timeOf = (row: Numbers | undefined): number => row?.[1] ?? NaN;
  const time = timeOf(sorted[at]);
  if (call.function === 'lag') return sorted[at - call.offset]?.[2] ?? null;
  if (call.function === 'lead') return sorted[at + call.offset]?.[2] ?? null;
  if (call.function === 'row_number') return at + 1;
  if (call.function === 'rank') return sorted.filter((row) => timeOf(row) < time).length + 1;
  const { unit, from, to } = call.frame;
  const inside = sorted.filter((row, place) => {
    const distance = unit === 'rows' ? place - at : timeOf(row) - time;
    return (from === null || distance >= from) && (to === null || distance <= to);
  });
  const values = inside.flatMap((row) => row[2] ?? []);
  if (values.length === 0) return null;
  if (call.function === 'sum') return values.reduce((sum, value) => sum + value, 0);
  return call.function === 'max' ? Math.max(...values) : Math.min(...values);
}

function expected(emit: OverNode['emit'], calls: readonly OverCall[], all: readonly Numbers[]): string[] {
  const partitionOf = (row: Numbers): string => `${row[0]} ${emit === 'window' ? row[3] : ''}`;
  return [...new Set(all.map(partitionOf))].flatMap((partition) => {
    const sorted = all
      .filter((row) => partitionOf(row) === partition)
      .toSorted((a, b) => (a[1] ?? 0) - (b[1] ?? 0));
    return sorted.map((row, at) => [...row, ...calls.map((call) => valueOf(call, sorted, at))].join(' '));
  });
}

describe.each([
  ['time', byTime],
  ['window', inWindows],
] as const)('OVER by %s', (emit, calls) => {
  test.each([1, 2, 3, 4])(
    'D43: any batches and watermarks, restores in between, seed %i: values as by a loop',
    (seed) => {
      const random = new SeededRandom(seed);
      // Times of a partition differ: rows of one time have no order that a loop could know.
      const times = Array.from({ length: 120 }, (_, index) => index).map(
        (index) => index + random.integer(0, 4) * 1000,
      );
      const unique = [...new Set(times)]
        .toSorted((a, b) => a - b)
        .map((_, index) => index * 2 + random.integer(0, 1));
      const all = unique.map((ts): Numbers => [
        random.chance(0.1) ? null : random.integer(1, 3),
        ts,
        random.chance(0.2) ? null : random.integer(-9, 9),
        Math.floor(ts / 20) * 20 + 20,
      ]);
      const found: PlainRow[] = [];
      const store = new PieceStore();
      let harness = new OperatorHarness(makeOperator(emit, calls), { input });
      for (let at = 0; at < all.length;) {
        const next = all.slice(at, at + random.integer(1, 9));
        at += next.length;
        const shuffled = next.toSorted(() => random.integer(-1, 1));
        harness.rows(
          shuffled.map((row): PlainRow => row.map((value) => (value === null ? null : BigInt(value)))),
        );
        if (random.chance(0.5)) harness.watermark(next.at(-1)?.[1] ?? 0);
        found.push(...harness.takeRows());
        if (!random.chance(0.15)) continue;
        store.accept(harness.snapshot());
        harness = new OperatorHarness(makeOperator(emit, calls), { input, restored: restoredFrom([store]) });
      }
      harness.watermark(Infinity);
      found.push(...harness.takeRows());
      expect(harness.counters.get('late_rows')).toBeUndefined();
      const text = found.map((row) => row.map((value) => (value === null ? '' : String(value))).join(' '));
      expect(text.toSorted()).toEqual(expected(emit, calls, all).toSorted());
    },
  );
});

test('O2: rows that no frame reaches back to are gone', () => {
  const calls = [byTime[1], byTime[2]].flatMap((call) => call ?? []);
  const harness = new OperatorHarness(makeOperator('time', calls), { input });
  for (let ts = 0; ts < 1000; ts += 1) {
    harness.rows([[1n, BigInt(ts), 1n, 0n]]);
    harness.watermark(ts);
  }
  const store = new PieceStore();
  store.accept(harness.snapshot());
  expect(store.bytes).toBeLessThan(4000);
});
