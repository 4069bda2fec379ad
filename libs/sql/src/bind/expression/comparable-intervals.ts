import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { strictCall } from '../../logical/expressions.ts';
import { literal } from '../../types/constants.ts';
import type { Operand } from './operand.ts';

const microsPerMonth = 30n * 86_400_000_000n;
const micros: SqlType = { kind: 'interval', unit: 'micros' };

/**
 * What is compared with each other. Where intervals of months stand beside such of days and shorter units, a month counts 30 days, as in
 * PostgreSQL. Only there: a value that is added to a time keeps its months.
 */
export function comparable(operands: readonly Operand[]): Operand[] {
  if (!mixesIntervals(operands)) return [...operands];
  return operands.map(({ value, span }) => ({ value: inMicros(value), span }));
}

/** Whether there are intervals of months beside such of days and shorter units. */
export function mixesIntervals(operands: readonly Operand[]): boolean {
  const units = operands.flatMap(({ value: { type } }) => (type.kind === 'interval' ? [type.unit] : []));
  return new Set(units).size > 1;
}

function inMicros(value: Expression): Expression {
  if (value.type.kind !== 'interval' || value.type.unit === 'micros') return value;
  if (value.kind !== 'literal') {
    return strictCall('mul', [value, literal(String(microsPerMonth), bigintType)], micros);
  }
  return literal(value.value === null ? null : String(BigInt(value.value) * microsPerMonth), micros);
}
