import type { PlainRow } from '@weir/columnar/row-view.ts';
import { textType, timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import type { FixedWindow } from '@weir/plan/nodes/window-aggregate.ts';
import { describe, expect, it } from 'vitest';
import { maxBatchRows } from './operator.ts';
import { OperatorHarness } from './testing/operator-harness.ts';
import { hop, second } from './testing/window-fixture.ts';
import { WindowAssignOperator } from './window-assign.ts';

const input: Schema = {
  fields: [
    { name: 'k', type: textType, nullable: true },
    { name: 'ts', type: timestampType, nullable: true },
  ],
  eventTime: 1,
};
const names = ['window_start', 'window_end', 'window_time'];
const output: Schema = {
  fields: [...input.fields, ...names.map((name) => ({ name, type: timestampType, nullable: false }))],
  eventTime: 1,
};

function harnessOf(window: FixedWindow): OperatorHarness {
  const operator = new WindowAssignOperator({ kind: 'window_assign', window, eventTime: 1 }, input, output);
  return new OperatorHarness(operator, { input });
}

const at = (seconds: number): bigint => BigInt(seconds * second);
const windowed = (k: string, ts: number, start: number, end: number): PlainRow => [
  k,
  at(ts),
  at(start),
  at(end),
  at(end) - 1000n,
];

describe('fault 1.1.4: HOP without GROUP BY', () => {
  it('gives a copy of a row for each window that it lies in', () => {
    const harness = harnessOf(hop(10, 5));
    harness.rows([
      ['a', at(3)],
      ['b', null],
      ['c', at(15)],
    ]);
    expect(harness.takeRows()).toEqual([
      windowed('a', 3, -5, 5),
      windowed('a', 3, 0, 10),
      windowed('c', 15, 10, 20),
      windowed('c', 15, 15, 25),
    ]);
    expect(harness.counters.get('rows_without_event_time')).toBe(1);
  });

  it('a slide that does not divide the size gives rows one window more or less', () => {
    const harness = harnessOf(hop(5, 3));
    harness.rows([
      ['a', at(4)],
      ['b', at(5)],
    ]);
    expect(harness.takeRows()).toEqual([
      windowed('a', 4, 0, 5),
      windowed('a', 4, 3, 8),
      windowed('b', 5, 3, 8),
    ]);
  });

  it('many windows leave in batches, and the watermark after them', () => {
    const windows = 3 * maxBatchRows + 5;
    const harness = harnessOf(hop(windows, 1));
    harness.rows([
      ['a', at(0)],
      ['b', at(1)],
    ]);
    harness.watermark(second);
    const sizes = harness.emitted.map((each) => (each.kind === 'rows' ? each.rows.length : each.kind));
    expect(sizes).toEqual([...Array.from({ length: 6 }, () => maxBatchRows), 10, 'watermark']);
    const rows = harness.takeRows();
    expect(rows[windows - 1]).toEqual(windowed('a', 0, 0, windows));
    expect(rows.at(-1)).toEqual(windowed('b', 1, 1, windows + 1));
  });
});
