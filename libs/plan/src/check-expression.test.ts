import { bigintType, textType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { expressionProblem } from './check-expression.ts';
import type { Expression, Literal } from './expression.ts';

const struct: SqlType = { kind: 'struct', fields: [{ name: 'x', type: textType, nullable: true }] };
const columns: readonly Field[] = [
  { name: 'n', type: bigintType, nullable: false },
  { name: 's', type: struct, nullable: true },
];
const column = (index: number, type: SqlType): Expression => ({
  kind: 'column',
  index,
  type,
  nullable: true,
});
const field = (argument: Expression, index: number, type: SqlType): Expression => {
  return { kind: 'field', argument, index, type, nullable: true };
};
const not = (argument: Expression): Expression => {
  return { kind: 'call', function: 'not', arguments: [argument], type: { kind: 'boolean' }, nullable: true };
};
const literal = (value: Literal['value'], type: SqlType): Expression => {
  return { kind: 'literal', value, type, nullable: value === null };
};

test('columns, fields and constants of their own type are right, wherever they stand', () => {
  for (const right of [
    column(0, bigintType),
    field(column(1, struct), 0, textType),
    not(column(0, bigintType)),
    literal('-12', bigintType),
    literal(null, struct),
    literal('Infinity', { kind: 'float', bits: 64 }),
    literal(1.5, { kind: 'float', bits: 32 }),
    literal('YQ==', { kind: 'bytes' }),
    literal(true, { kind: 'boolean' }),
  ])
    expect(expressionProblem(right, columns)).toBe(null);
});

test.each([
  ['there is no column 2', column(2, bigintType)],
  ['there is no column 0.5', column(0.5, bigintType)],
  ['column 1 is of another type', column(1, bigintType)],
  ['a field is read from what is no struct', field(column(0, bigintType), 0, textType)],
  ['there is no field 1', field(column(1, struct), 1, textType)],
  ['field 0 is of another type', field(column(1, struct), 0, bigintType)],
  ['there is no column 7', not(not(column(7, bigintType)))],
  ['a constant integer has another value', literal('1;x', bigintType)],
  ['a constant integer has another value', literal(1, bigintType)],
  ['a constant float has another value', literal('x', { kind: 'float', bits: 64 })],
  ['a constant boolean has another value', literal('true', { kind: 'boolean' })],
  ['a constant struct has another value', literal('{}', struct)],
])('fault 1.2.1: %s', (problem, expression) => {
  expect(expressionProblem(expression, columns)).toBe(problem);
});
