import { formatType, type Schema, type SqlType } from '@weir/columnar/sql-type.ts';
import type { Expression, Literal } from '@weir/plan/expression.ts';
import { formatPhysical } from './functions/format-value.ts';

const infix: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  and: 'AND',
  or: 'OR',
  concat: '||',
  like: 'LIKE',
  ilike: 'ILIKE',
  is_distinct: 'IS DISTINCT FROM',
  is_not_distinct: 'IS NOT DISTINCT FROM',
};

/** An expression as SQL, for error messages: `price * 2 + 1`. `schema` names the columns. */
export function describeExpression(expression: Expression, schema: Schema): string {
  switch (expression.kind) {
    case 'column':
      return schema.fields[expression.index]?.name ?? `column ${expression.index}`;
    case 'literal':
      return describeLiteral(expression);
    case 'case':
      return `CASE ${expression.branches
        .map(
          ({ when, then }) =>
            `WHEN ${describeExpression(when, schema)} THEN ${describeExpression(then, schema)}`,
        )
        .join(' ')} ELSE ${describeExpression(expression.otherwise, schema)} END`;
    case 'cast':
      return `CAST(${describeExpression(expression.argument, schema)} AS ${formatType(expression.type)})`;
    case 'field':
      return `${describeExpression(expression.argument, schema)}.${fieldName(expression.argument.type, expression.index)}`;
    default: {
      const parts = expression.arguments.map((argument) => describeExpression(argument, schema));
      const operator = infix[expression.function];
      if (operator !== undefined) return `(${parts.join(` ${operator} `)})`;
      return `${expression.function}(${parts.join(', ')})`;
    }
  }
}

function fieldName(type: SqlType, index: number): string {
  return type.kind === 'struct' ? (type.fields[index]?.name ?? String(index)) : String(index);
}

function describeLiteral(literal: Literal): string {
  if (literal.value === null) return 'NULL';
  switch (literal.type.kind) {
    case 'text':
    case 'json':
      return `'${String(literal.value).replaceAll("'", "''")}'`;
    case 'boolean':
    case 'float':
    case 'integer':
    case 'bytes':
      return String(literal.value);
    default:
      return `'${formatPhysical(BigInt(literal.value), literal.type)}'`;
  }
}
