import type { Field } from '@weir/columnar/sql-type.ts';
import { bigintType, booleanType, formatType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { Expr } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { overloadsOf } from '../../functions/catalogue.ts';
import { call, conjunction, strictCall } from '../../logical/expressions.ts';
import { castKind } from '../../types/casts.ts';
import { castTo } from '../../types/coerce.ts';
import { resolveType } from '../../types/resolve-type.ts';
import { cutTo, textBoundOf } from '../../types/text-bound.ts';
import { arithmeticIds, bindArithmetic, bindSign } from './arithmetic.ts';
import { bindCall, bindCase, bindConcat } from './calls.ts';
import { bindExtract } from './date-fields.ts';
import { fieldAccess } from './field-access.ts';
import { refuseFailing } from './failing-constants.ts';
import { foldExpression } from './fold.ts';
import { bindLiteral, castAsWritten } from './literals.ts';
import { asBoolean, type Bind, operandOf } from './operand.ts';
import { resolveOverload } from './overloads.ts';
import { bindComparison, bindOtherOperator, bindPredicate, comparisonIds } from './predicates.ts';

/** Where an expression stands. */
export interface ExpressionPlace {
  /** The meaning of a name. @throws DiagnosticFailure */
  readonly resolve: (expr: Extract<Expr, { kind: 'name' }>) => Expression;
  /** Asked first for every part: aggregates, group keys and windows have a meaning of their own in some places. */
  readonly intercept?: (expr: Expr, bind: Bind) => Expression | undefined;
  /** What fails whatever the row is left in: the caller doesn't know yet whether any row evaluates it, and asks `refuseFailing` later. */
  readonly mayBeDead?: boolean;
}

/** Gives an expression its types and its columns. @throws DiagnosticFailure at the first thing that is wrong */
export function bindExpression(expr: Expr, place: ExpressionPlace): Expression {
  const bind: Bind = (part) => {
    const intercepted = place.intercept?.(part, bind);
    return intercepted ?? foldExpression(bindPlain(part, place, bind), part.span);
  };
  const bound = bind(expr);
  if (place.mayBeDead !== true) refuseFailing(bound);
  return bound;
}

function bindPlain(expr: Expr, place: ExpressionPlace, bind: Bind): Expression {
  switch (expr.kind) {
    case 'null':
    case 'boolean':
    case 'number':
    case 'string':
    case 'bytes':
    case 'interval':
    case 'typed_string':
      return bindLiteral(expr);
    case 'name':
      return place.resolve(expr);
    case 'field':
      return fieldAccess(bind(expr.of), expr.name, expr.span);
    case 'unary':
      return bindUnary(expr, bind);
    case 'binary':
      return bindBinary(expr, bind);
    case 'is':
    case 'is_distinct':
    case 'between':
    case 'in_list':
    case 'like':
      return bindPredicate(expr, bind);
    case 'case':
      return bindCaseExpr(expr, bind);
    case 'cast':
      return bindCast(expr, bind);
    case 'extract':
      return bindExtract(expr.field.name, expr.field.span, operandOf(expr.from, bind));
    case 'call':
      return bindCall(expr, bind);
    case 'row':
      return bindRow(expr, bind);
    default:
      return refuse(expr);
  }
}

function refuse(expr: Expr): never {
  switch (expr.kind) {
    case 'star':
      return fail('starNotAllowed', expr.span, '* stands in the select list and in count(*) only');
    case 'quantified':
      if (!expr.rightIsQuery) {
        const what = `${expr.operator} ${expr.quantifier.toUpperCase()} (…)`;
        return fail(
          'notPlanned',
          expr.span,
          `${what} is not supported yet`,
          'write IN (a, b), or AND and OR',
        );
      }
      return fail(
        'notPlanned',
        expr.span,
        'subqueries in expressions are not supported yet',
        'use a derived table in FROM',
      );
    case 'subquery':
    case 'exists':
    case 'in_query':
      return fail(
        'notPlanned',
        expr.span,
        'subqueries in expressions are not supported yet',
        'use a derived table in FROM',
      );
    case 'array':
    case 'map':
    case 'subscript':
    case 'slice':
      return fail(
        'notPlanned',
        expr.span,
        'arrays and maps in expressions are not supported yet',
        'pass whole columns on, or keep the value as JSON and write json_get(value, key)',
      );
    case 'collate':
      return fail(
        'notPlanned',
        expr.span,
        'COLLATE is not supported yet',
        'texts are compared by their bytes',
      );
    case 'at_time_zone':
      return fail('notPlanned', expr.span, 'AT TIME ZONE is not supported yet', 'times are held at UTC');
    default:
      return fail('notPlanned', expr.span, 'this is not supported yet');
  }
}

function bindUnary(expr: Extract<Expr, { kind: 'unary' }>, bind: Bind): Expression {
  const operand = operandOf(expr.operand, bind);
  switch (expr.operator) {
    case 'NOT':
      return strictCall('not', [asBoolean(operand, 'the operand of NOT')], booleanType);
    case '~': {
      if (operand.value.type.kind !== 'integer') fail('typeMismatch', expr.span, '~ takes an integer');
      return strictCall('bit_not', [castTo(operand.value, bigintType, operand.span)], bigintType);
    }
    default:
      return bindSign(expr.operator === '-' ? '-' : '+', operand, expr.span);
  }
}

/** Operands of a chain of one operator, left to right, without recursion: `a AND b AND … ` may be long. */
function chainOf(expr: Extract<Expr, { kind: 'binary' }>): Expr[] {
  const operands: Expr[] = [];
  let at: Expr = expr;
  while (at.kind === 'binary' && at.operator === expr.operator) {
    operands.push(at.right);
    at = at.left;
  }
  operands.push(at);
  return operands.toReversed();
}

function bindBinary(expr: Extract<Expr, { kind: 'binary' }>, bind: Bind): Expression {
  const { operator } = expr;
  if (operator === 'AND' || operator === 'OR') {
    const operands = chainOf(expr).map((part) =>
      asBoolean(operandOf(part, bind), `an operand of ${operator}`),
    );
    if (operator === 'AND') return conjunction(operands) ?? strictCall('and', operands, booleanType);
    const flat = operands.flatMap((part) =>
      part.kind === 'call' && part.function === 'or' ? part.arguments : [part],
    );
    return strictCall('or', flat, booleanType);
  }
  const left = operandOf(expr.left, bind);
  const right = operandOf(expr.right, bind);
  const arithmetic = arithmeticIds[operator];
  if (arithmetic !== undefined) return bindArithmetic(arithmetic, left, right, expr.span);
  if (comparisonIds[operator] !== undefined) return bindComparison(operator, left, right, expr.span);
  if (operator === '||') return bindConcat(left, right);
  const other = bindOtherOperator(operator, left, right);
  if (other !== undefined) return other;
  const byFunction = { '^': 'power', '->': 'json_get', '->>': 'json_get_text', '?': 'json_contains' }[
    operator
  ];
  const resolved =
    byFunction === undefined ? undefined : resolveOverload(overloadsOf(byFunction), [left, right]);
  if (resolved !== undefined) return resolved;
  const types = `${formatType(left.value.type)} ${operator} ${formatType(right.value.type)}`;
  if (byFunction !== undefined) return fail('typeMismatch', expr.span, `there is no ${types}`);
  return fail('notPlanned', expr.at, `the operator ${operator} is not supported yet`);
}

function bindCaseExpr(expr: Extract<Expr, { kind: 'case' }>, bind: Bind): Expression {
  const subject = expr.operand === null ? null : operandOf(expr.operand, bind);
  const conditions = expr.branches.map(({ when }) => {
    const operand = operandOf(when, bind);
    if (subject === null) return operand;
    const equal = bindComparison('=', subject, operand, when.span);
    return { value: foldExpression(equal, when.span), span: when.span };
  });
  const values = expr.branches.map(({ then }) => operandOf(then, bind));
  return bindCase(conditions, values, expr.otherwise === null ? null : operandOf(expr.otherwise, bind));
}

function bindCast(expr: Extract<Expr, { kind: 'cast' }>, bind: Bind): Expression {
  const operand = bind(expr.operand);
  const type = resolveType(expr.type);
  const kind = castKind(operand.type, type);
  if (kind === 'none') {
    const names = `${formatType(operand.type)} can't be cast to ${formatType(type)}`;
    fail('badCast', expr.span, names, castHint(operand.type.kind, type.kind));
  }
  return cutTo(castAsWritten(operand, type, expr.operand.span, expr.safe), textBoundOf(expr.type));
}

function castHint(from: string, to: string): string | undefined {
  if (from === 'integer' && to === 'timestamp')
    return 'say the unit: to_timestamp_millis(…) or to_timestamp_seconds(…)';
  if (from === 'timestamp' && to === 'integer') return 'say the unit: unix_millis(…) or unix_timestamp(…)';
  return undefined;
}

function bindRow(expr: Extract<Expr, { kind: 'row' }>, bind: Bind): Expression {
  const values = expr.items.map(({ value }) => bind(value));
  const fields = values.map((value, index): Field => {
    const item = expr.items[index];
    const ownName = item?.value.kind === 'name' ? item.value.parts.at(-1)?.name : undefined;
    return {
      name: item?.name?.name ?? ownName ?? `f${index + 1}`,
      type: value.type,
      nullable: value.nullable,
    };
  });
  return call('struct', values, { kind: 'struct', fields }, false);
}
