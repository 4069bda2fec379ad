import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import { joinStyles, type JoinStyle } from '@weir/plan/nodes/join.ts';
import type { TimeBoundedJoinNode } from '@weir/plan/nodes/time-bounded-join.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { describe, expect, test } from 'vitest';
import { OperatorHarness, PieceStore, restoredFrom } from '../testing/operator-harness.ts';
import { TimeBoundedJoinOperator } from './time-bounded-join-operator.ts';

const time = { kind: 'timestamp', precision: 6, zoned: false } as const;
/** Both sides: key, number, event time, until. */
const side: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: true },
    { name: 'number', type: bigintType, nullable: false },
    { name: 'ts', type: time, nullable: false },
    { name: 'until', type: time, nullable: true },
  ],
};

/** Pairs of one key whose times are at most `band` apart. */
const band = 5;

function nodeOf(style: JoinStyle): TimeBoundedJoinNode {
  const half = style === 'semi' || style === 'anti';
  const column = (index: number) => ({ kind: 'column', index, type: time, nullable: false }) as const;
  return {
    kind: 'time_bounded_join',
    style,
    leftKeys: [0],
    rightKeys: [0],
    nullSafe: [false],
    condition: {
      kind: 'call',
      function: 'and',
      type: { kind: 'boolean' },
      nullable: true,
      arguments: [
        {
          kind: 'call',
          function: 'le',
          arguments: [column(2), column(7)],
          type: { kind: 'boolean' },
          nullable: false,
        },
        {
          kind: 'call',
          function: 'le',
          arguments: [column(6), column(3)],
          type: { kind: 'boolean' },
          nullable: true,
        },
      ],
    },
    columns: half ? [1] : [1, 5],
    leftUntil: 3,
    rightUntil: 3,
    holdMicros: band,
  };
}

function makeOperator(style: JoinStyle): TimeBoundedJoinOperator {
  const node = nodeOf(style);
  const fields = node.columns.map((_, index) => ({ name: `c${index}`, type: bigintType, nullable: true }));
  return new TimeBoundedJoinOperator(node, side, side, { fields });
}

const big = (value: number | null): bigint | null => (value === null ? null : BigInt(value));

function row(key: number | null, number: number, ts: number, until: number | null): PlainRow {
  return [key, number, ts, until].map(big);
}

function makeRows(random: SeededRandom, count: number): PlainRow[] {
  return Array.from({ length: count }, (_, number) => {
    const ts = random.integer(0, 60);
    const key = random.chance(0.1) ? null : random.integer(1, 4);
    return row(key, number, ts, random.chance(0.1) ? null : ts + band);
  }).toSorted((a, b) => Number(a[2]) - Number(b[2]));
}

const matches = ([k, , ts, until]: PlainRow, [l, , at, end]: PlainRow): boolean =>
  k !== null &&
  k === l &&
  until !== null &&
  end !== null &&
  Number(ts) <= Number(end) &&
  Number(at) <= Number(until);

function expected(style: JoinStyle, left: readonly PlainRow[], right: readonly PlainRow[]): PlainRow[] {
  const number = (row: PlainRow) => row[1] ?? null;
  const pairs = left.flatMap((a) => right.filter((b) => matches(a, b)).map((b) => [number(a), number(b)]));
  const leftAlone = left.filter((a) => !right.some((b) => matches(a, b)));
  const rightAlone = right.filter((b) => !left.some((a) => matches(a, b)));
  switch (style) {
    case 'inner':
      return pairs;
    case 'left':
      return [...pairs, ...leftAlone.map((a) => [number(a), null])];
    case 'right':
      return [...pairs, ...rightAlone.map((b) => [null, number(b)])];
    case 'full':
      return [
        ...pairs,
        ...leftAlone.map((a) => [number(a), null]),
        ...rightAlone.map((b) => [null, number(b)]),
      ];
    case 'semi':
      return left.filter((a) => !leftAlone.includes(a)).map((a) => [number(a)]);
    case 'anti':
      return leftAlone.map((a) => [number(a)]);
  }
}

const sorted = (rows: readonly PlainRow[]): string[] =>
  rows.map((values) => values.map(String).join(' ')).toSorted();

describe.each(joinStyles)('%s join by time', (style) => {
  test.each([1, 2, 3, 4, 5])(
    'D43: any interleaving, restores in between, seed %i: the rows of a nested loop, and no state at the end',
    (seed) => {
      const random = new SeededRandom(seed);
      const inputs = [makeRows(random, 60), makeRows(random, 60)];
      const at = [0, 0];
      const found: PlainRow[] = [];
      const store = new PieceStore();
      let harness = new OperatorHarness(makeOperator(style), { input: side, inputs: 2 });
      while (inputs.some((rows, input) => (at[input] ?? 0) < rows.length)) {
        const input = random.integer(0, 1);
        const from = at[input] ?? 0;
        const next = inputs[input]?.slice(from, from + random.integer(1, 9)) ?? [];
        at[input] = from + next.length;
        if (next.length > 0) harness.rows(next, input);
        // What is still to come of an input is not before its last row.
        if (next.length > 0 && random.chance(0.5)) harness.watermark(Number(next.at(-1)?.[2]), input);
        found.push(...harness.takeRows());
        if (!random.chance(0.1)) continue;
        store.accept(harness.snapshot());
        harness = new OperatorHarness(makeOperator(style), {
          input: side,
          inputs: 2,
          restored: restoredFrom([store]),
        });
      }
      harness.watermark(Infinity, 0);
      harness.watermark(Infinity, 1);
      found.push(...harness.takeRows());
      expect(sorted(found)).toEqual(sorted(expected(style, inputs[0] ?? [], inputs[1] ?? [])));
      store.accept(harness.snapshot());
      expect(store.pieces).toEqual([]);
    },
  );
});

test('D26: a hot key gives more pairs than a batch holds, a batch at a time', () => {
  const harness = new OperatorHarness(makeOperator('inner'), { input: side, inputs: 2 });
  const rows = Array.from({ length: 300 }, (_, number): PlainRow => row(1, number, 10, 15));
  harness.rows(rows, 0);
  harness.rows(rows, 1);
  const batches = harness.emitted.flatMap((item) => (item.kind === 'rows' ? [item.rows.length] : []));
  expect(batches.reduce((sum, count) => sum + count, 0)).toBe(90_000);
  expect(Math.max(...batches)).toBeLessThanOrEqual(4096);
});

test('D28: the watermark goes on after the rows that it sends away, and as far behind as the pairs may be', () => {
  const harness = new OperatorHarness(makeOperator('left'), { input: side, inputs: 2 });
  harness.rows([row(1, 7, 10, 15)], 0);
  harness.watermark(30, 0);
  harness.watermark(15, 1);
  expect(harness.takeRows()).toEqual([]);
  harness.watermark(16, 1);
  expect(harness.emitted).toEqual([
    { kind: 'rows', rows: [[7n, null]] },
    { kind: 'watermark', micros: 16 - band },
  ]);
});
