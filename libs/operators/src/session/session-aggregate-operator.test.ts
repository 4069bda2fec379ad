import type { PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import type { WindowAggregateNode } from '@weir/plan/nodes/window-aggregate.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { expect, test } from 'vitest';
import { OperatorHarness, PieceStore, restoredFrom } from '../testing/operator-harness.ts';
import { SessionAggregateOperator } from './session-aggregate-operator.ts';

const gap = 10;
const input: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: true },
    { name: 'ts', type: timestampType, nullable: false },
    { name: 'price', type: bigintType, nullable: true },
  ],
};
const output: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: true },
    { name: 'count', type: bigintType, nullable: false },
    { name: 'max', type: bigintType, nullable: true },
    { name: 'window_start', type: timestampType, nullable: false },
    { name: 'window_end', type: timestampType, nullable: false },
  ],
};
const node: WindowAggregateNode = {
  kind: 'window_aggregate',
  window: { kind: 'session', gapMicros: gap },
  eventTime: 1,
  keys: [0],
  aggregates: [
    { function: 'count', argument: null, filter: null, type: bigintType, argumentType: null },
    { function: 'max', argument: 2, filter: null, type: bigintType, argumentType: bigintType },
  ],
};
const makeOperator = () => new SessionAggregateOperator(node, gap, input, output);
const rowOf = (key: number | null, ts: number, price: number): PlainRow => [
  key === null ? null : BigInt(key),
  BigInt(ts),
  BigInt(price),
];
const text = (rows: readonly PlainRow[]): string[] => rows.map((row) => row.map(String).join(' ')).toSorted();

/** Sessions by sorting. */
function expected(rows: readonly PlainRow[]): string[] {
  const found: string[] = [];
  for (const key of new Set(rows.map(([value]) => String(value)))) {
    const own = rows.filter(([value]) => String(value) === key).map((row) => row.map(Number));
    own.sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0));
    let session: number[][] = [];
    const end = () => {
      if (session.length === 0) return;
      const times = session.map((row) => row[1] ?? 0);
      const most = Math.max(...session.map((row) => row[2] ?? 0));
      found.push(`${key} ${session.length} ${most} ${Math.min(...times)} ${Math.max(...times) + gap}`);
      session = [];
    };
    for (const row of own) {
      if ((row[1] ?? 0) - (session.at(-1)?.[1] ?? Infinity) > gap) end();
      session.push(row);
    }
    end();
  }
  return found.toSorted();
}

test.each([1, 2, 3, 4, 5, 6])(
  'D43: any order, batches and restores, seed %i: sessions as by sorting, and no state at the end',
  (seed) => {
    const random = new SeededRandom(seed);
    const rows = Array.from({ length: 200 }, () =>
      rowOf(random.chance(0.1) ? null : random.integer(1, 3), random.integer(0, 900), random.integer(0, 99)),
    );
    const store = new PieceStore();
    let harness = new OperatorHarness(makeOperator(), { input });
    for (let at = 0; at < rows.length;) {
      const size = random.integer(1, 12);
      harness.rows(rows.slice(at, at + size));
      at += size;
      if (!random.chance(0.2)) continue;
      store.accept(harness.snapshot());
      harness = new OperatorHarness(makeOperator(), { input, restored: restoredFrom([store]) });
    }
    harness.watermark(Infinity);
    expect(text(harness.takeRows())).toEqual(expected(rows));
    store.accept(harness.snapshot());
    expect(store.pieces).toEqual([]);
  },
);

test('T2: a row is late exactly if its session, with all that it is joined to, has ended', () => {
  const harness = new OperatorHarness(makeOperator(), { input });
  harness.rows([rowOf(1, 0, 1), rowOf(1, 100, 2)]);
  harness.watermark(50);
  expect(text(harness.takeRows())).toEqual(['1 1 1 0 10']);
  harness.rows([rowOf(1, 40, 3), rowOf(1, 41, 4), rowOf(2, 20, 5)]);
  expect(harness.counters.get('late_rows')).toBe(1);
  harness.rows([rowOf(1, 92, 6)]);
  harness.watermark(Infinity);
  expect(text(harness.takeRows())).toEqual(['1 2 4 40 51', '1 2 6 92 110']);
});
