import { formatName } from '../../ast/identifier.ts';
import type { CallExpr, Expr } from '../../ast/query.ts';
import { isAggregate } from '../../functions/aggregates.ts';

/** Does an aggregate stand in it (not inside a subquery, nor of an OVER)? */
export function hasAggregate(expr: Expr): boolean {
  if (expr.kind === 'call' && expr.over === null && isAggregate(formatName(expr.name).toLowerCase()))
    return true;
  return childrenOf(expr).some(hasAggregate);
}

/** The calls with OVER in it, from left to right. */
export function overCalls(expr: Expr): CallExpr[] {
  if (expr.kind === 'call' && expr.over !== null) return [expr];
  return childrenOf(expr).flatMap(overCalls);
}

/** The scalar subqueries in it. */
export function subqueriesOf(expr: Expr): Extract<Expr, { kind: 'subquery' }>[] {
  return expr.kind === 'subquery' ? [expr] : childrenOf(expr).flatMap(subqueriesOf);
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'unary':
    case 'is':
    case 'cast':
    case 'at_time_zone':
    case 'collate':
      return [expr.operand];
    case 'binary':
    case 'is_distinct':
      return [expr.left, expr.right];
    case 'between':
      return [expr.operand, expr.low, expr.high];
    case 'in_list':
      return [expr.operand, ...expr.items];
    case 'like':
      return [expr.operand, expr.pattern];
    case 'case':
      return [
        ...(expr.operand === null ? [] : [expr.operand]),
        ...expr.branches.flatMap(({ when, then }) => [when, then]),
        ...(expr.otherwise === null ? [] : [expr.otherwise]),
      ];
    case 'call':
      return expr.arguments.flatMap((argument) => (argument.kind === 'value' ? [argument.value] : []));
    case 'extract':
      return [expr.from];
    case 'field':
    case 'subscript':
    case 'slice':
      return [expr.of];
    case 'row':
      return expr.items.map(({ value }) => value);
    case 'array':
    case 'map':
      return expr.items;
    default:
      return [];
  }
}
