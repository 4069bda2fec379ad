import { timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { describe, expect, it } from 'vitest';
import { OperatorHarness, PieceStore, restoredFrom } from './testing/operator-harness.ts';
import { WatermarkOperator } from './watermark.ts';

const input: Schema = { fields: [{ name: 'ts', type: timestampType, nullable: true }], eventTime: 0 };
const ts: Expression = { kind: 'column', index: 0, type: timestampType, nullable: true };
const expression: Expression = {
  kind: 'call',
  function: 'sub',
  arguments: [
    ts,
    { kind: 'literal', value: '10', type: { kind: 'interval', unit: 'micros' }, nullable: false },
  ],
  type: timestampType,
  nullable: true,
};
const partitions = ['bids/0', 'bids/1', 'bids/2'];

function start(delayMicros: number | null = 10, stores: readonly PieceStore[] = []): OperatorHarness {
  const node = { kind: 'watermark', eventTime: 0, expression, delayMicros, idleTimeMs: 30_000 } as const;
  return new OperatorHarness(new WatermarkOperator(node, input), {
    input,
    partitions,
    restored: restoredFrom(stores),
  });
}

describe('watermark', () => {
  it.each([
    ['a delay', 10],
    ['an expression', null],
  ])('follows the greatest event time, less %s, and never goes back', (_, delay) => {
    const harness = start(delay);
    harness.rows([[100n], [50n]], 0, 0);
    harness.rows([[60n]], 0, 0);
    harness.rows([[110n]], 0, 0);
    expect(harness.takeWatermarks()).toEqual([90, 100]);
  });

  it('passes rows on before the watermark that they imply', () => {
    const harness = start();
    harness.rows([[100n]], 0, 0);
    expect(harness.emitted).toEqual([
      { kind: 'rows', rows: [[100n]] },
      { kind: 'watermark', micros: 90 },
    ]);
  });

  it('is the least over announced partitions, idle ones left out', () => {
    const harness = start();
    harness.announce(0, 1);
    harness.rows([[100n]], 0, 0);
    expect(harness.takeWatermarks()).toEqual([]);
    harness.idle([1], true);
    expect(harness.takeWatermarks()).toEqual([90]);
    harness.rows([[50n]], 0, 1);
    harness.rows([[200n]], 0, 0);
    expect(harness.takeWatermarks()).toEqual([]);
    harness.rows([[120n]], 0, 1);
    expect(harness.takeWatermarks()).toEqual([110]);
  });

  it('stands still while its only partition is idle, which holds nobody back', () => {
    const harness = start();
    harness.rows([[100n]], 0, 0);
    harness.emitted.length = 0;
    harness.idle([0], true);
    harness.rows([[120n]], 0, 0);
    expect(harness.emitted).toEqual([
      { kind: 'idle', idle: true },
      { kind: 'idle', idle: false },
      { kind: 'rows', rows: [[120n]] },
      { kind: 'watermark', micros: 110 },
    ]);
  });

  it('holds nobody back without partitions', () => {
    const harness = start();
    harness.announce();
    expect(harness.emitted).toEqual([{ kind: 'idle', idle: true }]);
  });

  it('goes to the end when the input ends', () => {
    const harness = start();
    harness.rows([[100n]], 0, 0);
    harness.watermark(Infinity);
    expect(harness.takeWatermarks()).toEqual([90, Infinity]);
  });

  it('names partition and column of a row without an event time', () => {
    expect(() => start().rows([[1n], [null]], 0, 2)).toThrow(
      "a record of bids/2 has NULL in its event-time column 'ts'",
    );
  });

  it('restores each partition by its name, on whatever subtask it now is', () => {
    const [a, b] = [start(), start()];
    a.rows([[100n]], 0, 0);
    b.rows([[300n]], 0, 1);
    const stores = [a, b].map((harness) => {
      const store = new PieceStore();
      store.accept(harness.snapshot());
      return store;
    });
    const moved = start(10, stores);
    moved.announce(1);
    expect(moved.takeWatermarks()).toEqual([290]);
    moved.rows([[250n]], 0, 1);
    expect(moved.takeWatermarks()).toEqual([]);
  });

  it('goes on from the least of the restored partitions, in whatever order they are announced', () => {
    const before = start();
    before.announce(0, 1);
    before.rows([[300n]], 0, 0);
    before.rows([[100n]], 0, 1);
    const store = new PieceStore();
    store.accept(before.snapshot());
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const after = start(10, [store]);
      after.announce(...order);
      expect(after.takeWatermarks()).toEqual([90]);
    }
  });
});

/** All ways to cut a list into consecutive, non-empty groups. */
function groupings<T>(items: readonly T[]): T[][][] {
  if (items.length === 0) return [[]];
  return items.flatMap((_, index) =>
    groupings(items.slice(index + 1)).map((rest) => [[...items.slice(0, index + 1)], ...rest]),
  );
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

describe('fault 1.1.1: when all partitions are idle the watermark is the greatest that any has reached', () => {
  const cases: { name: string; times: (bigint | null)[] }[] = [
    { name: 'data in the first only', times: [100n, null, null] },
    { name: 'data in the last only', times: [null, null, 100n] },
    { name: 'data in all', times: [40n, 100n, 70n] },
    { name: 'data in two', times: [100n, null, 60n] },
  ];

  it.each(cases)('$name: in whatever order they become idle, one by one or together', ({ times }) => {
    for (const announced of permutations([0, 1, 2])) {
      for (const order of permutations([0, 1, 2])) {
        for (const groups of groupings(order)) {
          const harness = start();
          harness.announce(...announced);
          times.forEach((time, partition) => {
            if (time !== null) harness.rows([[time]], 0, partition);
          });
          for (const group of groups) harness.idle(group, true);
          const said = `${JSON.stringify(announced)} ${JSON.stringify(groups)}`;
          expect(
            harness.emitted.findLast((item) => item.kind === 'watermark'),
            said,
          ).toEqual({
            kind: 'watermark',
            micros: 90,
          });
          expect(harness.emitted.at(-1), said).toEqual({ kind: 'idle', idle: true });
        }
      }
    }
  });

  it.each([0, 1])('after a restore too, with partition %i the quiet one', (quiet) => {
    const busy = 1 - quiet;
    const before = start();
    before.announce(0, 1);
    before.rows([[50n]], 0, quiet);
    before.rows([[60n]], 0, busy);
    before.idle([quiet], true);
    before.rows([[100n]], 0, busy);
    expect(before.takeWatermarks()).toEqual([40, 50, 90]);
    const store = new PieceStore();
    store.accept(before.snapshot());
    const after = start(10, [store]);
    after.announce(0, 1);
    after.idle([0, 1], true);
    expect(after.takeWatermarks()).toEqual([40, 90]);
    after.rows([[200n]], 0, busy);
    expect(after.takeWatermarks()).toEqual([190]);
  });

  it('a partition that wakes takes nothing back and holds back again', () => {
    const harness = start();
    harness.announce(0, 1);
    harness.rows([[100n]], 0, 1);
    harness.idle([0, 1], true);
    expect(harness.takeWatermarks()).toEqual([90]);
    harness.rows([[20n]], 0, 0);
    harness.rows([[300n]], 0, 0);
    harness.rows([[150n]], 0, 1);
    expect(harness.takeWatermarks()).toEqual([290]);
  });
});
