import type { JoinParts } from './join.ts';

/**
 * A join of tables for all time: every row of a side meets all of the other's, whenever they come. Updates of its inputs become updates of its pairs. Of
 * rows that are only added inner and semi joins give inserts; all others take back what they gave.
 */
export interface RegularJoinNode extends JoinParts {
  readonly kind: 'regular_join';
  /** A row that nothing was written to for so long is forgotten, silently; 0: never. */
  readonly ttlMs: number;
}
