import type { SinkChanges } from '../change-mode.ts';
import type { TableSpec } from '../table-spec.ts';

/** Writes rows to a table, whose columns are those of its input. The last operator of its branch. */
export interface SinkNode extends TableSpec {
  readonly kind: 'sink';
  /** What the table takes; what comes is the operator's `changes`. */
  readonly changes: SinkChanges;
}
