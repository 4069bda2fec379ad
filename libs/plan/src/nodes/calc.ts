import type { Expression } from '../expression.ts';

/** Filters, then projects: rows for which `condition` is TRUE, one output column an expression. */
export interface CalcNode {
  readonly kind: 'calc';
  readonly condition: Expression | null;
  readonly projections: readonly Expression[];
}
