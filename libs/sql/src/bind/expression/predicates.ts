import { bigintType, booleanType, formatType, textType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { PredicateExpr } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { call, strictCall } from '../../logical/expressions.ts';
import { literal } from '../../types/constants.ts';
import { coerce } from '../../types/coerce.ts';
import { comparable } from './comparable-intervals.ts';
import { asBoolean, type Bind, type Operand, operandOf, unify, unifyAll } from './operand.ts';

export const comparisonIds: Readonly<Record<string, string>> = {
  '=': 'eq',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

const unordered = ['struct', 'list', 'map', 'json'];

/** `a = b`, `a < b`. */
export function bindComparison(operator: string, left: Operand, right: Operand, span: Span): Expression {
  const id = comparisonIds[operator] ?? 'eq';
  const [x, y] = comparable([left, right]) as [Operand, Operand];
  const [a, b, type] = unify(x, y, operator, span);
  const equality = id === 'eq' || id === 'ne';
  if (type.kind === 'map' || (!equality && unordered.includes(type.kind))) {
    const hint = type.kind === 'json' ? "take out a value first: j ->> 'key'" : undefined;
    fail('typeMismatch', span, `${formatType(type)} has no ${operator}`, hint);
  }
  return strictCall(id, [a, b], booleanType);
}

function negated(value: Expression, not: boolean): Expression {
  return not ? strictCall('not', [value], booleanType) : value;
}

/** IS, IS DISTINCT FROM, BETWEEN, IN (list), LIKE. */
export function bindPredicate(expr: PredicateExpr, bind: Bind): Expression {
  switch (expr.kind) {
    case 'is':
      return bindIs(expr, bind);
    case 'is_distinct': {
      const operands = comparable([operandOf(expr.left, bind), operandOf(expr.right, bind)]);
      const [a, b] = unify(...(operands as [Operand, Operand]), 'IS DISTINCT FROM', expr.span);
      return call(expr.not ? 'is_not_distinct' : 'is_distinct', [a, b], booleanType, false);
    }
    case 'between':
      return bindBetween(expr, bind);
    case 'in_list': {
      const operands = comparable([expr.operand, ...expr.items].map((item) => operandOf(item, bind)));
      return negated(strictCall('in', unifyAll(operands, 'the values of IN').values, booleanType), expr.not);
    }
    case 'like':
      return bindLike(expr, bind);
  }
}

function bindIs(expr: Extract<PredicateExpr, { kind: 'is' }>, bind: Bind): Expression {
  const operand = operandOf(expr.operand, bind);
  if (expr.what === 'null') {
    return call(expr.not ? 'is_not_null' : 'is_null', [operand.value], booleanType, false);
  }
  const value = asBoolean(operand, `the operand of IS ${expr.what.toUpperCase()}`);
  const id = expr.what === 'unknown' ? 'null' : expr.what;
  return call(expr.not ? `is_not_${id}` : `is_${id}`, [value], booleanType, false);
}

function bindBetween(expr: Extract<PredicateExpr, { kind: 'between' }>, bind: Bind): Expression {
  const operands = comparable([expr.operand, expr.low, expr.high].map((item) => operandOf(item, bind)));
  const { values, type } = unifyAll(operands, 'the bounds of BETWEEN');
  if (unordered.includes(type.kind)) fail('typeMismatch', expr.span, `${formatType(type)} has no order`);
  const plain = strictCall('between', values, booleanType);
  const [value, low, high] = values;
  if (!expr.symmetric || value === undefined || low === undefined || high === undefined) {
    return negated(plain, expr.not);
  }
  const swapped = strictCall('between', [value, high, low], booleanType);
  return negated(strictCall('or', [plain, swapped], booleanType), expr.not);
}

/** TEXT as it is, or a constant that becomes TEXT. */
function asText(operand: Operand, what: string): Expression {
  const value = coerce(operand.value, textType, operand.span);
  if (value !== undefined) return value;
  return fail(
    'typeMismatch',
    operand.span,
    `${what} must be TEXT, this is ${formatType(operand.value.type)}`,
  );
}

function bindLike(expr: Extract<PredicateExpr, { kind: 'like' }>, bind: Bind): Expression {
  const name = expr.style === 'similar' ? 'SIMILAR TO' : expr.style.toUpperCase();
  const value = asText(operandOf(expr.operand, bind), `the left of ${name}`);
  const pattern = asText(operandOf(expr.pattern, bind), `the pattern of ${name}`);
  if (expr.style === 'similar') {
    if (expr.escape !== null)
      fail('notPlanned', expr.escape.span, 'SIMILAR TO … ESCAPE is not supported yet');
    return negated(strictCall('similar', [value, pattern], booleanType), expr.not);
  }
  const escape = expr.escape === null ? literal('\\', textType) : bind(expr.escape);
  const ok = escape.kind === 'literal' && typeof escape.value === 'string' && [...escape.value].length <= 1;
  if (!ok) fail('badLiteral', expr.escape?.span ?? expr.span, "ESCAPE takes one character, or ''");
  return negated(strictCall(expr.style, [value, pattern, escape], booleanType), expr.not);
}

const regexOperators: Readonly<Record<string, { readonly id: string; readonly not: boolean }>> = {
  '~': { id: 'regex_match', not: false },
  '~*': { id: 'regex_imatch', not: false },
  '!~': { id: 'regex_match', not: true },
  '!~*': { id: 'regex_imatch', not: true },
};

const bitOperators: Readonly<Record<string, string>> = {
  '&': 'bit_and',
  '|': 'bit_or',
  '#': 'bit_xor',
  '<<': 'shift_left',
  '>>': 'shift_right',
};

/** `~` and its kin, bits; undefined if the operator is none of these. */
export function bindOtherOperator(operator: string, left: Operand, right: Operand): Expression | undefined {
  const regex = regexOperators[operator];
  if (regex !== undefined) {
    const args = [asText(left, `the left of ${operator}`), asText(right, `the pattern of ${operator}`)];
    return negated(strictCall(regex.id, args, booleanType), regex.not);
  }
  const bits = bitOperators[operator];
  if (bits === undefined) return undefined;
  const args = [left, right].map(({ value, span }) => {
    const whole = coerce(value, bigintType, span);
    return (
      whole ?? fail('typeMismatch', span, `${operator} takes integers, this is ${formatType(value.type)}`)
    );
  });
  return strictCall(bits, args, bigintType);
}
