import { unreachable } from '@weir/kernel/assert.ts';
import type { Expression } from '@weir/plan/expression.ts';

/** The expression with every column reference moved to another place. */
export function mapColumns(expression: Expression, placeOf: (index: number) => number): Expression {
  const map = (part: Expression): Expression => mapColumns(part, placeOf);
  switch (expression.kind) {
    case 'column':
      return { ...expression, index: placeOf(expression.index) };
    case 'literal':
      return expression;
    case 'call':
      return { ...expression, arguments: expression.arguments.map(map) };
    case 'case':
      return {
        ...expression,
        branches: expression.branches.map(({ when, then }) => ({ when: map(when), then: map(then) })),
        otherwise: map(expression.otherwise),
      };
    case 'cast':
    case 'field':
      return { ...expression, argument: map(expression.argument) };
    default:
      return unreachable(expression);
  }
}
