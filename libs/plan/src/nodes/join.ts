import type { Expression } from '../expression.ts';

/**
 * Which rows come out: pairs that match; with `left`, `right`, `full` also the rows of that side that match none, NULL in the other's columns. `semi`,
 * `anti`: rows of the left side that match one, or none.
 */
export const joinStyles = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const;
export type JoinStyle = (typeof joinStyles)[number];

/** What every join is told. Both inputs are partitioned by their keys. */
export interface JoinParts {
  readonly style: JoinStyle;
  /** Columns of the left and of the right input that are equal in rows that match: in pairs, of one type. None: all rows come to one subtask. */
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** For each pair of keys: does NULL match NULL? Otherwise it matches nothing. */
  readonly nullSafe: readonly boolean[];
  /** What else must be TRUE, over the left input's columns followed by the right one's. */
  readonly condition: Expression | null;
  /** The output's columns, by their places in the left input's columns followed by the right one's. */
  readonly columns: readonly number[];
}

/** Whether rows of a side come out that match none of the other. */
export function keepsUnmatched(style: JoinStyle, side: 'left' | 'right'): boolean {
  if (style === 'full') return true;
  return side === 'left' ? style === 'left' || style === 'anti' : style === 'right';
}
