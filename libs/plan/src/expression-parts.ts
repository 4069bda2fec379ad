import { unreachable } from '@weir/kernel/assert.ts';
import type { Expression } from './expression.ts';

/** Direct parts of an expression. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return [];
    case 'call':
      return expression.arguments;
    case 'case':
      return [...expression.branches.flatMap(({ when, then }) => [when, then]), expression.otherwise];
    case 'cast':
    case 'field':
      return [expression.argument];
    default:
      return unreachable(expression);
  }
}

/** Calls `visit` with the index of every column reference, each as often as it stands. */
export function visitColumns(expression: Expression, visit: (index: number) => void): void {
  if (expression.kind === 'column') visit(expression.index);
  else for (const part of partsOf(expression)) visitColumns(part, visit);
}
