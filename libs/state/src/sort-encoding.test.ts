import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, type PlainRow, type PlainValue } from '@weir/columnar/row-view.ts';
import { bigintType, doubleType, textType, type SqlType } from '@weir/columnar/sql-type.ts';
import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { describe, expect, it } from 'vitest';
import { SortEncoder, sortPrefix } from './sort-encoding.ts';

interface Order {
  readonly type: SqlType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

function compareValues(a: PlainValue, b: PlainValue): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (typeof a === 'number' && typeof b === 'number') {
    // NaN is the greatest.
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  if (a === null || b === null || a === b) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareRows(orders: readonly Order[], a: PlainRow, b: PlainRow): number {
  for (const [index, { descending, nullsFirst }] of orders.entries()) {
    const [left, right] = [a[index] ?? null, b[index] ?? null];
    if (left === null || right === null) {
      const rank = (value: PlainValue): number => (value === null ? (nullsFirst ? 0 : 2) : 1);
      if (rank(left) !== rank(right)) return rank(left) - rank(right);
      continue;
    }
    const order = compareValues(left, right);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

describe('sort encoding', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('bytes are in the order of the rows, seed %i', (seed) => {
    const random = new RandomRows(seed);
    const decimal: SqlType = { kind: 'decimal', precision: 38, scale: 2 };
    const orders = Array.from({ length: 1 + random.below(3) }, (): Order => ({
      type: random.pick([bigintType, doubleType, textType, decimal, { kind: 'boolean' }] as const),
      descending: random.next() < 0.5,
      nullsFirst: random.next() < 0.5,
    }));
    const values: Record<string, readonly PlainValue[]> = {
      integer: [0n, 1n, -1n, 255n, 256n, -256n, 2n ** 53n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)],
      decimal: [0n, 7n, -7n, 10n ** 38n - 1n, 1n - 10n ** 38n, 2n ** 64n, -(2n ** 64n), 2n ** 96n],
      float: [0, -0, 1.5, -1.5, 5e-324, -5e-324, 1e308, -1e308, Infinity, -Infinity, NaN],
      text: ['', 'a', 'ab', 'b', '\0', '\0a', 'a\0', 'a\0\0', 'ü', 'a\u0001', '\u{1f600}'],
      boolean: [true, false],
    };
    const rows = Array.from({ length: 120 }, (): PlainRow =>
      orders.map(({ type }) => (random.next() < 0.15 ? null : random.pick(values[type.kind] ?? []))),
    );
    const fields = orders.map(({ type }, index) => ({ name: `c${index}`, type, nullable: true }));
    const { columns } = batchOfRows(new BatchBuilder({ fields }, rows.length), rows);
    const encoder = new SortEncoder();
    const by = orders.map((order, index) => ({ ...order, column: columns[index]! }));
    const encoded = rows.map((_, row) => {
      const length = encoder.encode(by, row);
      return {
        bytes: Buffer.from(encoder.bytes.subarray(0, length)),
        prefix: sortPrefix(encoder.bytes, length),
      };
    });
    rows.forEach((a, left) =>
      rows.forEach((b, right) => {
        const expected = Math.sign(compareRows(orders, a, b));
        const [one, other] = [encoded[left]!, encoded[right]!];
        expect(Buffer.compare(one.bytes, other.bytes), `${a.join()} / ${b.join()}`).toBe(expected);
        if (expected < 0) expect(one.prefix).toBeLessThanOrEqual(other.prefix);
      }),
    );
  });
});
