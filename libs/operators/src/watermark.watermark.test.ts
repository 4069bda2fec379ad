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
    harness.idle(0, false);
    harness.idle(1, false);
    harness.rows([[100n]], 0, 0);
    expect(harness.takeWatermarks()).toEqual([]);
    harness.idle(1, true);
    expect(harness.takeWatermarks()).toEqual([90]);
    harness.rows([[50n]], 0, 1);
    harness.rows([[200n]], 0, 0);
    expect(harness.takeWatermarks()).toEqual([]);
    harness.rows([[120n]], 0, 1);
    expect(harness.takeWatermarks()).toEqual([110]);
  });

  it('stands still while all partitions are idle', () => {
    const harness = start();
    harness.rows([[100n]], 0, 0);
    harness.idle(0, true);
    expect(harness.takeWatermarks()).toEqual([90]);
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
    moved.idle(1, false);
    moved.idle(1, false);
    expect(moved.takeWatermarks()).toEqual([290]);
    moved.rows([[250n]], 0, 1);
    expect(moved.takeWatermarks()).toEqual([]);
  });

  it('goes on from the least of the restored partitions, in whatever order they are announced', () => {
    const before = start();
    for (const partition of [0, 1]) before.idle(partition, false);
    before.rows([[300n]], 0, 0);
    before.rows([[100n]], 0, 1);
    const store = new PieceStore();
    store.accept(before.snapshot());
    const after = start(10, [store]);
    for (const partition of [0, 1, 0, 1]) after.idle(partition, false);
    expect(after.takeWatermarks()).toEqual([90]);
  });
});
