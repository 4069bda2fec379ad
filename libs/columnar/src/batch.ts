import type { Column } from './column.ts';
import type { Schema } from './sql-type.ts';

/** What a row of a changelog says. A batch without `rowKinds` holds inserts only. */
export const rowKind = { insert: 0, updateBefore: 1, updateAfter: 2, delete: 3 } as const;

/**
 * Rows in columns: what crosses every boundary of the record path.
 *
 * Ownership: a batch is lent to the receiver for the duration of the call that passes it. Its emitter may overwrite its
 * arrays as soon as the call returns; whoever keeps rows copies them (a frame, keyed state, an encoded record). Receivers
 * never write into it.
 */
export interface Batch {
  readonly schema: Schema;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly rowKinds: Uint8Array | null;
  /** Source partition that all rows come from (index given by the source), or -1: per-partition watermarks need it. */
  readonly partition: number;
}
