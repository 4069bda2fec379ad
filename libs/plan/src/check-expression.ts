import { sameType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { partsOf } from './expression-parts.ts';
import type { Expression, Literal } from './expression.ts';

/**
 * What is wrong with an expression over rows of these columns, or null: code is generated from it that relies on each column's and
 * field's type and on each constant being of its own.
 */
export function expressionProblem(expression: Expression, columns: readonly Field[]): string | null {
  const own = ownProblem(expression, columns);
  if (own !== null) return own;
  for (const part of partsOf(expression)) {
    const problem = expressionProblem(part, columns);
    if (problem !== null) return problem;
  }
  return null;
}

function ownProblem(expression: Expression, columns: readonly Field[]): string | null {
  switch (expression.kind) {
    case 'column':
      return fieldProblem(expression.index, columns, expression.type, 'column');
    case 'field': {
      const { type } = expression.argument;
      if (type.kind !== 'struct') return 'a field is read from what is no struct';
      return fieldProblem(expression.index, type.fields, expression.type, 'field');
    }
    case 'literal':
      return isConstant(expression) ? null : `a constant ${expression.type.kind} has another value`;
    default:
      return null;
  }
}

function fieldProblem(index: number, fields: readonly Field[], type: SqlType, what: string): string | null {
  const field = Number.isInteger(index) ? fields[index] : undefined;
  if (field === undefined) return `there is no ${what} ${index}`;
  return sameType(field.type, type) ? null : `${what} ${index} is of another type`;
}

/** As Literal says: what a constant of each type is written as. */
function isConstant({ value, type }: Literal): boolean {
  if (value === null) return true;
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'float':
      return typeof value === 'number' || (typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value));
    case 'text':
    case 'json':
      return typeof value === 'string';
    case 'bytes':
      return typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
    case 'null':
    case 'struct':
    case 'list':
    case 'map':
      return false;
    default:
      return typeof value === 'string' && /^-?\d{1,80}$/.test(value);
  }
}
