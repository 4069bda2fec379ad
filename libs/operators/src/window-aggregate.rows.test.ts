import type { PlainRow, PlainValue } from '@weir/columnar/row-view.ts';
import { bigintType, textType } from '@weir/columnar/sql-type.ts';
import { describe, expect, it } from 'vitest';
import { aggregate, averageType, hop, second, tumble, windowHarness } from './testing/window-fixture.ts';

const at = (seconds: number): bigint => BigInt(Math.round(seconds * second));
const row = (
  seconds: number,
  key: PlainValue,
  value: bigint | null = 1n,
  tag: string | null = null,
): PlainRow => [at(seconds), key, value, tag, null];

describe('window aggregate, rows', () => {
  it('counts, sums and averages by key in tumbling windows, in the order of the windows', () => {
    const harness = windowHarness({ window: tumble(10) });
    harness.rows([row(1, 7n, 5n), row(12, 7n, 100n), row(3, 8n, null), row(9, 7n, 2n)]);
    harness.watermark(20 * second);
    expect(harness.takeRows()).toEqual([
      [7n, 2n, 7n, 2n, 5n, 3_500_000n, at(0), at(10)],
      [8n, 1n, null, null, null, null, at(0), at(10)],
      [7n, 1n, 100n, 100n, 100n, 100_000_000n, at(10), at(20)],
    ]);
  });

  it.each([
    ['hop of 10 s every 5 s', 10, 5],
    ['hop of 10 s every 3 s, which does not divide', 10, 3],
    ['hop of 7 s every 7 s', 7, 7],
    ['hop of 2 s every 5 s, with gaps', 2, 5],
    ['hop of 1 s every 0.3 s', 1, 0.3],
  ])('%s agrees with every window computed on its own', (_, size, slide) => {
    const harness = windowHarness({
      window: hop(size, slide),
      aggregates: [aggregate('count', null), aggregate('sum', 2)],
    });
    const rows = Array.from({ length: 500 }, (_unused, index) =>
      row(((index * 7919) % 60_000) / 1000 - 20, BigInt(index % 5), BigInt(index)),
    );
    harness.rows(rows.slice(0, 200));
    harness.rows(rows.slice(200));
    harness.watermark(Infinity);
    const expected: PlainRow[] = [];
    for (let window = Math.floor(-30 / slide); window * slide < 60; window += 1) {
      const start = BigInt(Math.round(window * slide * second));
      const end = start + BigInt(size * second);
      const inside = rows.filter((r) => (r[0] as bigint) >= start && (r[0] as bigint) < end);
      for (const key of new Set(inside.map((r) => r[1]))) {
        const own = inside.filter((r) => r[1] === key);
        expected.push([
          key as bigint,
          BigInt(own.length),
          own.reduce((sum, r) => sum + (r[2] as bigint), 0n),
          start,
          end,
        ]);
      }
    }
    const order = (rows_: PlainRow[]): string[] => rows_.map((r) => r.join('|')).toSorted();
    expect(order(harness.takeRows())).toEqual(order(expected));
  });

  it.each([
    ['text', textType, ['a', '', null, 'ä€😀']],
    [
      'integers, some beyond 2^53',
      bigintType,
      [1n, -1n, null, 9_007_199_254_740_993n, -9_223_372_036_854_775_808n],
    ],
    ['doubles', { kind: 'float', bits: 64 } as const, [0, NaN, 1.5, null]],
    ['booleans', { kind: 'boolean' } as const, [true, false, null]],
  ])('groups by %s, NULL being a group', (_, keyType, keys) => {
    const harness = windowHarness({ window: tumble(10), keyType, aggregates: [aggregate('count', null)] });
    const rows = [...keys, ...keys].map((key) => row(1, key));
    harness.rows(rows);
    harness.watermark(Infinity);
    expect(harness.takeRows().map((r) => r.slice(0, 2))).toEqual(keys.map((key) => [key, 2n]));
  });

  it('groups by several columns', () => {
    const harness = windowHarness({
      window: tumble(10),
      keys: [1, 3],
      aggregates: [aggregate('count', null)],
    });
    harness.rows([row(1, 1n, 1n, 'a'), row(1, 1n, 1n, 'b'), row(2, 1n, 1n, 'a'), row(2, null, 1n, null)]);
    harness.watermark(Infinity);
    expect(harness.takeRows().map((r) => r.slice(0, 3))).toEqual([
      [1n, 'a', 2n],
      [1n, 'b', 1n],
      [null, null, 1n],
    ]);
  });

  it('aggregates without keys, and takes min and max of text', () => {
    const aggregates = [aggregate('min', 3, textType), aggregate('max', 3, textType), aggregate('count', 3)];
    const harness = windowHarness({ window: tumble(10), keys: [], aggregates });
    harness.rows([row(1, 1n, 1n, 'b'), row(1, 1n, 1n, null), row(1, 1n, 1n, 'abc'), row(1, 1n, 1n, 'ca')]);
    harness.rows([row(1, 1n, 1n, 'aa'), row(1, 1n, 1n, 'cab')]);
    harness.watermark(Infinity);
    expect(harness.takeRows()).toEqual([['aa', 'cab', 5n, at(0), at(10)]]);
  });

  it('counts only rows for which FILTER is TRUE', () => {
    const harness = windowHarness({
      window: tumble(10),
      aggregates: [
        { ...aggregate('count', null), filter: 4 },
        { ...aggregate('sum', 2), filter: 4 },
      ],
    });
    harness.rows([
      [at(1), 1n, 5n, null, true],
      [at(1), 1n, 6n, null, false],
      [at(1), 1n, 7n, null, null],
      [at(1), 2n, 7n, null, null],
    ]);
    harness.watermark(Infinity);
    expect(harness.takeRows().map((r) => r.slice(0, 3))).toEqual([
      [1n, 1n, 5n],
      [2n, 0n, null],
    ]);
  });

  it('sums BIGINT exactly past 2^53 and refuses a sum past 2^63', () => {
    const big = 9_007_199_254_740_991n;
    const harness = windowHarness({
      window: tumble(10),
      aggregates: [aggregate('sum', 2), aggregate('avg', 2, averageType)],
    });
    harness.rows([row(1, 1n, big), row(1, 1n, big), row(1, 1n, 1n), row(1, 2n, 9_223_372_036_854_775_807n)]);
    harness.watermark(Infinity);
    expect(harness.takeRows().map((r) => r.slice(0, 3))).toEqual([
      [1n, 2n * big + 1n, 6_004_799_503_160_661_000_000n],
      [2n, 9_223_372_036_854_775_807n, 9_223_372_036_854_775_807_000_000n],
    ]);
    const overflowing = windowHarness({ window: tumble(10), aggregates: [aggregate('sum', 2)] });
    overflowing.rows([row(1, 2n, 9_223_372_036_854_775_807n), row(1, 2n, 1n)]);
    expect(() => overflowing.watermark(Infinity)).toThrow(
      /sum: the result is out of range for BIGINT.*9223372036854775808/,
    );
  });

  it('sends a window of many keys in batches of at most 4096 rows', () => {
    const harness = windowHarness({ window: tumble(10), aggregates: [aggregate('count', null)] });
    for (let from = 0; from < 10_000; from += 1000) {
      harness.rows(Array.from({ length: 1000 }, (_, index) => row(1, BigInt(from + index))));
    }
    harness.watermark(Infinity);
    const sizes = harness.emitted.map((item) => (item.kind === 'rows' ? item.rows.length : 'watermark'));
    expect(sizes).toEqual([4096, 4096, 1808, 'watermark']);
  });
});
