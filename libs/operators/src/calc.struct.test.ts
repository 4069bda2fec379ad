import type { PlainRow } from '@weir/columnar/row-view.ts';
import {
  bigintType,
  booleanType,
  textType,
  timestampType,
  type Schema,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { describe, expect, it } from 'vitest';
import { CalcOperator } from './calc.ts';
import { OperatorHarness } from './testing/operator-harness.ts';
import { callOf } from './testing/evaluate-constant.ts';

const person: SqlType = {
  kind: 'struct',
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'name', type: textType, nullable: true },
  ],
};
const list: SqlType = { kind: 'list', element: { name: 'element', type: textType, nullable: true } };
const input: Schema = {
  fields: [
    { name: 'person', type: person, nullable: true },
    { name: 'start', type: timestampType, nullable: false },
    { name: 'tags', type: list, nullable: true },
  ],
};
const column = (index: number): Expression => ({
  kind: 'column',
  index,
  type: input.fields[index]!.type,
  nullable: input.fields[index]!.nullable,
});
const field = (argument: Expression, index: number): Expression => ({
  kind: 'field',
  argument,
  index,
  type: argument.type.kind === 'struct' ? argument.type.fields[index]!.type : bigintType,
  nullable: true,
});
const window: SqlType = {
  kind: 'struct',
  fields: [
    { name: 'start', type: timestampType, nullable: false },
    { name: 'name', type: textType, nullable: true },
  ],
};
const made: Expression = {
  ...callOf('struct', window, [column(1), callOf('upper', textType, [field(column(0), 1)])]),
  nullable: false,
};

function run(
  condition: Expression | null,
  projections: readonly Expression[],
  rows: readonly PlainRow[],
): PlainRow[] {
  const output = {
    fields: projections.map((p, index) => ({ name: `c${index}`, type: p.type, nullable: p.nullable })),
  };
  const harness = new OperatorHarness(
    new CalcOperator({ kind: 'calc', condition, projections }, input, output),
    { input },
  );
  harness.rows(rows);
  return harness.takeRows();
}

const rows: PlainRow[] = [
  [[1n, 'ada'], 10n, ['x', 'y']],
  [null, 2n ** 60n, null],
  [[3n, null], 30n, []],
  [[4n, 'bob'], 40n, [null, 'z']],
];

describe('calc over structs and lists', () => {
  it('reads fields, NULL where the struct is', () => {
    expect(run(null, [field(column(0), 0), field(column(0), 1)], rows)).toEqual([
      [1n, 'ada'],
      [null, null],
      [3n, null],
      [4n, 'bob'],
    ]);
  });

  it('makes structs and reads the fields of what it made', () => {
    expect(run(null, [made, field(made, 0)], rows)).toEqual([
      [[10n, 'ADA'], 10n],
      [[2n ** 60n, null], 2n ** 60n],
      [[30n, null], 30n],
      [[40n, 'BOB'], 40n],
    ]);
  });

  it('passes structs and lists of the chosen rows on', () => {
    const late: Expression = {
      ...callOf('ne', booleanType, [
        column(1),
        { kind: 'literal', value: '30', type: timestampType, nullable: false },
      ]),
      nullable: false,
    };
    expect(run(late, [column(2), column(0), column(1)], rows)).toEqual([
      [['x', 'y'], [1n, 'ada'], 10n],
      [null, null, 2n ** 60n],
      [[null, 'z'], [4n, 'bob'], 40n],
    ]);
  });

  it('chooses between structs, and compares them', () => {
    const other: Expression = {
      ...callOf('struct', person, [
        field(column(0), 0),
        { kind: 'literal', value: 'none', type: textType, nullable: false },
      ]),
      nullable: false,
    };
    const chosen = callOf('coalesce', person, [column(0), other]);
    expect(run(null, [chosen, callOf('eq', booleanType, [column(0), chosen])], rows)).toEqual([
      [[1n, 'ada'], true],
      [[null, 'none'], null],
      [[3n, null], true],
      [[4n, 'bob'], true],
    ]);
  });
});
