import { physicalKind } from '@weir/columnar/column.ts';
import type { Literal } from '@weir/plan/expression.ts';
import { lower } from './exact.ts';
import type { RowValue } from './runtime-function.ts';

/** A constant of the plan as runtime functions take it. */
export function literalValue(literal: Literal): RowValue {
  const value = literal.value;
  if (value === null) return null;
  switch (physicalKind(literal.type)) {
    case 'bool':
      return value === true;
    case 'float':
      return Number(value);
    case 'int':
      return lower(BigInt(value));
    default:
      return literal.type.kind === 'bytes' ? Buffer.from(String(value), 'base64') : String(value);
  }
}
