import { dateText, timeText, timestampText } from '@weir/columnar/time-text.ts';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import type { Call, Expression, Literal } from '@weir/plan/expression.ts';
import { decimalText } from '@weir/columnar/decimal-text.ts';

const infix: Readonly<Record<string, string>> = {
  and: 'AND',
  or: 'OR',
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  concat: '||',
  is_distinct: 'IS DISTINCT FROM',
  is_not_distinct: 'IS NOT DISTINCT FROM',
  regex_match: '~',
  regex_imatch: '~*',
  similar: 'SIMILAR TO',
  json_get: '->',
  json_get_text: '->>',
  bit_and: '&',
  bit_or: '|',
  bit_xor: '#',
  shift_left: '<<',
  shift_right: '>>',
};

const postfix: Readonly<Record<string, string>> = {
  is_null: 'IS NULL',
  is_not_null: 'IS NOT NULL',
  is_true: 'IS TRUE',
  is_not_true: 'IS NOT TRUE',
  is_false: 'IS FALSE',
  is_not_false: 'IS NOT FALSE',
};

/** An expression as SQL, with the names of the input's columns. */
export function expressionText(expression: Expression, fields: readonly Field[]): string {
  return textOf(expression, fields, false);
}

function textOf(expression: Expression, fields: readonly Field[], inner: boolean): string {
  switch (expression.kind) {
    case 'column':
      return fields[expression.index]?.name ?? `$${expression.index}`;
    case 'literal':
      return literalText(expression);
    case 'cast': {
      const name = expression.safe ? 'TRY_CAST' : 'CAST';
      return `${name}(${textOf(expression.argument, fields, false)} AS ${formatType(expression.type)})`;
    }
    case 'field': {
      const { type } = expression.argument;
      const name = type.kind === 'struct' ? type.fields[expression.index]?.name : undefined;
      return `${textOf(expression.argument, fields, true)}.${name ?? expression.index}`;
    }
    case 'case': {
      const branches = expression.branches.map(
        ({ when, then }) => `WHEN ${textOf(when, fields, false)} THEN ${textOf(then, fields, false)}`,
      );
      return `CASE ${branches.join(' ')} ELSE ${textOf(expression.otherwise, fields, false)} END`;
    }
    case 'call':
      return callText(expression, fields, inner);
  }
}

function callText(expression: Call, fields: readonly Field[], inner: boolean): string {
  const { function: name } = expression;
  const parts = expression.arguments.map((argument) => textOf(argument, fields, true));
  const [first = '', second = '', third = ''] = parts;
  const wrap = (text: string): string => (inner ? `(${text})` : text);
  const operator = infix[name];
  if (operator !== undefined) return wrap(parts.join(` ${operator} `));
  const suffix = postfix[name];
  if (suffix !== undefined) return wrap(`${first} ${suffix}`);
  switch (name) {
    case 'not':
      return wrap(`NOT ${first}`);
    case 'neg':
      return `-${first}`;
    case 'between':
      return wrap(`${first} BETWEEN ${second} AND ${third}`);
    case 'in':
      return wrap(`${first} IN (${parts.slice(1).join(', ')})`);
    case 'like':
    case 'ilike':
      return wrap(`${first} ${name.toUpperCase()} ${second}`);
    default:
      return `${name}(${expression.arguments.map((argument) => textOf(argument, fields, false)).join(', ')})`;
  }
}

function literalText({ value, type }: Literal): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'text':
    case 'json':
      return `'${String(value).replaceAll("'", "''")}'`;
    case 'decimal':
      return decimalText(BigInt(value), type.scale);
    case 'interval':
      return intervalLiteralText(BigInt(value), type);
    case 'timestamp':
      return `TIMESTAMP '${timestampText(BigInt(value), ' ')}'`;
    case 'date':
      return `DATE '${dateText(Number(value))}'`;
    case 'time':
      return `TIME '${timeText(Number(value))}'`;
    case 'bytes':
      return `'base64:${String(value)}'`;
    default:
      return String(value).toUpperCase();
  }
}

function intervalLiteralText(value: bigint, type: Extract<SqlType, { kind: 'interval' }>): string {
  if (type.unit === 'months') return `INTERVAL '${value} months'`;
  return value % 1_000_000n === 0n
    ? `INTERVAL '${value / 1_000_000n} seconds'`
    : `INTERVAL '${value} microseconds'`;
}
