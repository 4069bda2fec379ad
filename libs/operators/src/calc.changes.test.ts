import { rowKind } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows } from '@weir/columnar/row-view.ts';
import { bigintType, booleanType, type Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { expect, test } from 'vitest';
import { CalcOperator } from './calc.ts';
import { nothingRestored, type Operator } from './operator.ts';
import { CheckedOperator } from './testing/edge-check.ts';
import { OperatorHarness } from './testing/operator-harness.ts';
import { UnionOperator } from './union.ts';
import { WindowAssignOperator } from './window-assign.ts';

/** Rows that are updated, through operators without state. */
const { insert, updateBefore, updateAfter, delete: del } = rowKind;
const input: Schema = {
  fields: ['id', 'n'].map((name) => ({ name, type: bigintType, nullable: false })),
};
const column = (index: number): Expression => ({ kind: 'column', index, type: bigintType, nullable: false });
const positive: Expression = {
  kind: 'call',
  function: 'gt',
  arguments: [column(1), { kind: 'literal', value: '0', type: bigintType, nullable: false }],
  type: booleanType,
  nullable: false,
};
const retract: ChangeMode = { kind: 'retract', key: null };

type Change = readonly [kind: number, id: number, n: number];

/** What a calc gives for these changes; its edges are watched. */
function through(condition: Expression | null, projections: Expression[], changes: readonly Change[]) {
  const output: Schema = { fields: projections.map((_, index) => input.fields[index]!) };
  const operator = new CheckedOperator(
    new CalcOperator({ kind: 'calc', condition, projections }, input, output),
    'calc',
    [retract],
    retract,
    true,
  );
  const given: unknown[] = [];
  open(operator, (batch) => {
    const kinds = batch.rowKinds ?? [];
    given.push(...plainRows(batch).map((row, index) => [kinds[index], ...row.map(Number)]));
  });
  operator.process(batchOf(changes), 0);
  return given;
}

function open(operator: Operator, emit: (batch: Parameters<Operator['process']>[0]) => void): void {
  const output = { emit, watermark: () => {}, idle: () => {} };
  const clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const place = { subtask: 0, parallelism: 1, keyGroups: 128, keyGroupStart: 0, keyGroupEnd: 128 };
  operator.open({ output, clock, ...place, partitionName: String, count: () => {} }, nothingRestored);
}

function batchOf(changes: readonly Change[]) {
  const rows = changes.map(([, id, n]) => [BigInt(id), BigInt(n)]);
  return {
    ...batchOfRows(new BatchBuilder(input), rows),
    rowKinds: Uint8Array.from(changes, ([kind]) => kind),
  };
}

const history: readonly Change[] = [
  [insert, 1, 5],
  [insert, 2, -5],
  [updateBefore, 1, 5],
  [updateAfter, 1, 6],
  [updateBefore, 1, 6],
  [updateAfter, 1, -6],
  [updateBefore, 2, -5],
  [updateAfter, 2, 7],
  [del, 1, -6],
  [del, 2, 7],
];

test('a filter takes back what it has let pass: of a pair that crosses its bound one half is left', () => {
  expect(through(positive, [column(0), column(1)], history)).toEqual([
    [insert, 1, 5],
    [updateBefore, 1, 5],
    [updateAfter, 1, 6],
    [del, 1, 6],
    [insert, 2, 7],
    [del, 2, 7],
  ]);
});

test('an update of what is not projected is none', () => {
  expect(through(null, [column(0)], history)).toEqual([
    [insert, 1],
    [insert, 2],
    [del, 1],
    [del, 2],
  ]);
});

test('a filter and a projection at once', () => {
  expect(through(positive, [column(0)], history)).toEqual([
    [insert, 1],
    [del, 1],
    [insert, 2],
    [del, 2],
  ]);
});

test('a union passes on what the rows say', () => {
  const harness = new OperatorHarness(new UnionOperator(2, input), {
    input,
    inputs: 2,
    changes: retract,
    emits: retract,
  });
  harness.process(batchOf(history), 1);
  expect(harness.takeRows()).toHaveLength(history.length);
});

test('a window that is given updates is a defect of the compiler', () => {
  const output: Schema = {
    fields: [
      ...input.fields,
      ...['window_start', 'window_end', 'window_time'].map((name) => {
        return { name, type: { kind: 'timestamp', precision: 6, zoned: false } as const, nullable: false };
      }),
    ],
  };
  const window = { kind: 'tumble', sizeMicros: 1000, offsetMicros: 0 } as const;
  const operator = new WindowAssignOperator({ kind: 'window_assign', window, eventTime: 1 }, input, output);
  open(operator, () => {});
  expect(() => operator.process(batchOf(history))).toThrow(/inserts only/);
});
