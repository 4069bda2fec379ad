import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainValue, type PlainValue } from '@weir/columnar/row-view.ts';
import { booleanType, type Schema, type SqlType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { CalcProgram } from '../expression/calc-program.ts';

const input: Schema = { fields: [{ name: 'x', type: booleanType, nullable: false }] };

/** The value of an expression without columns, through the compiler. */
export function evaluateConstant(expression: Expression): PlainValue {
  const batch = batchOfRows(new BatchBuilder(input), [[true]]);
  const { columns } = new CalcProgram(null, [expression], input).run(batch);
  return plainValue(columns[0]!, 0, expression.type);
}

/** A constant; exact types take their physical integer (or its text). */
export function constant(value: PlainValue, type: SqlType): Expression {
  const shown = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  const plain = typeof shown === 'bigint' ? String(shown) : (shown as string | number | boolean | null);
  return { kind: 'literal', value: plain, type, nullable: value === null };
}

export function callOf(name: string, type: SqlType, args: readonly Expression[]): Expression {
  return { kind: 'call', function: name, arguments: args, type, nullable: true };
}

export function castOf(argument: Expression, type: SqlType, safe = false): Expression {
  return { kind: 'cast', argument, type, safe, nullable: true };
}
