import type { Expression } from '@weir/plan/expression.ts';
import { partsOf } from '@weir/plan/expression-parts.ts';
import { DiagnosticFailure } from '../../diagnostics/diagnostic.ts';

/**
 * Expressions that fail whatever the row, with what is to be said of them. An error belongs to the row that evaluates it: a branch that is
 * never taken may divide by zero. So they stay as they are, and are refused only where every row evaluates them.
 */
const failures = new WeakMap<Expression, DiagnosticFailure>();

/** Runs `fold`; where it says that the constant fails, the expression stays and the failure is kept with it. */
export function foldedOrFailing(expression: Expression, fold: () => Expression): Expression {
  try {
    return fold();
  } catch (error) {
    if (!(error instanceof DiagnosticFailure)) throw error;
    failures.set(expression, error);
    return expression;
  }
}

/** @throws DiagnosticFailure of a part that fails and that every row evaluates */
export function refuseFailing(expression: Expression): void {
  const failure = failures.get(expression);
  if (failure !== undefined) throw failure;
  for (const part of alwaysEvaluated(expression)) refuseFailing(part);
}

/** The parts that are evaluated whatever the others give. */
function alwaysEvaluated(expression: Expression): readonly Expression[] {
  if (expression.kind === 'case') return partsOf(expression).slice(0, 1);
  if (expression.kind !== 'call') return partsOf(expression);
  switch (expression.function) {
    case 'and':
    case 'or':
    case 'coalesce':
      return expression.arguments.slice(0, 1);
    case 'in':
    case 'between':
      return expression.arguments.slice(0, 2);
    default:
      return expression.arguments;
  }
}
