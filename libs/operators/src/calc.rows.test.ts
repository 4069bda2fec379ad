import {
  bigintType,
  booleanType,
  doubleType,
  textType,
  type Schema,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { describe, expect, it } from 'vitest';
import { CalcOperator } from './calc.ts';
import { OperatorHarness } from './testing/operator-harness.ts';

const input: Schema = {
  fields: [
    { name: 'auction', type: bigintType, nullable: false },
    { name: 'price', type: bigintType, nullable: true },
    { name: 'channel', type: textType, nullable: true },
    { name: 'rate', type: doubleType, nullable: false },
  ],
};
const column = (index: number): Expression => {
  const field = input.fields[index]!;
  return { kind: 'column', index, type: field.type, nullable: field.nullable };
};
const int = (value: string): Expression => ({ kind: 'literal', value, type: bigintType, nullable: false });
const text = (value: string): Expression => ({ kind: 'literal', value, type: textType, nullable: false });
const call = (name: string, type: SqlType, ...args: Expression[]): Expression => ({
  kind: 'call',
  function: name,
  arguments: args,
  type,
  nullable: args.some((argument) => argument.nullable),
});

function run(condition: Expression | null, projections: Expression[], rows: PlainRow[]): PlainRow[] {
  const output: Schema = {
    fields: projections.map((projection, index) => ({
      name: `c${index}`,
      type: projection.type,
      nullable: projection.nullable,
    })),
  };
  const harness = new OperatorHarness(
    new CalcOperator({ kind: 'calc', condition, projections }, input, output),
    { input },
  );
  harness.rows(rows);
  return harness.takeRows();
}

const rows: PlainRow[] = [
  [1n, 10n, 'Google', 1.5],
  [123n, null, 'Apple', 2],
  [246n, 9_007_199_254_740_993n, null, -0.5],
];

describe('calc', () => {
  it('keeps the rows for which the condition is TRUE, columns passed through', () => {
    const even = call('eq', booleanType, call('mod', bigintType, column(0), int('123')), int('0'));
    expect(run(even, [column(0), column(1), column(2)], rows)).toEqual([
      [123n, null, 'Apple'],
      [246n, 9_007_199_254_740_993n, null],
    ]);
  });

  it('drops rows whose condition is NULL', () => {
    const small = call('lt', booleanType, column(1), int('11'));
    expect(run(small, [column(0)], rows)).toEqual([[1n]]);
  });

  it('computes on integers beyond 2^53 exactly', () => {
    expect(run(null, [call('add', bigintType, column(1), int('2'))], rows)).toEqual([
      [12n],
      [null],
      [9_007_199_254_740_995n],
    ]);
    expect(
      run(null, [call('mul', bigintType, column(0), int('4611686018427387'))], rows.slice(0, 2)),
    ).toEqual([[4_611_686_018_427_387n], [567_237_380_266_568_601n]]);
  });

  it('names the expression and the values when a BIGINT overflows', () => {
    const product = call('mul', bigintType, column(1), int('9223372036854775807'));
    expect(() => run(null, [product], rows)).toThrow(
      '(price * 9223372036854775807): the result is out of range for BIGINT (values 10, 9223372036854775807)',
    );
  });

  it('names the dividend of a division by zero', () => {
    const quotient = call('div', bigintType, column(0), call('sub', bigintType, column(1), int('10')));
    expect(() => run(null, [quotient], rows)).toThrow(/division by zero \(dividend 1\)/);
  });

  it('compares text with constants by its bytes', () => {
    const apple = call('eq', booleanType, column(2), text('Apple'));
    expect(run(null, [apple, call('upper', textType, column(2))], rows)).toEqual([
      [false, 'GOOGLE'],
      [true, 'APPLE'],
      [null, null],
    ]);
  });

  it('evaluates a branch of CASE only where it is taken', () => {
    const zero = call('eq', booleanType, column(0), int('1'));
    const guarded: Expression = {
      kind: 'case',
      branches: [{ when: zero, then: int('-1') }],
      otherwise: call('div', bigintType, int('246'), call('sub', bigintType, column(0), int('1'))),
      type: bigintType,
      nullable: false,
    };
    expect(run(null, [guarded], rows)).toEqual([[-1n], [2n], [1n]]);
  });
});
