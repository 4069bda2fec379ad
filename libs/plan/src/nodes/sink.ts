import type { Schema } from '@weir/columnar/sql-type.ts';

/** Writes rows to a table. The last operator of its branch. */
export interface SinkNode {
  readonly kind: 'sink';
  readonly table: string;
  readonly connector: string;
  /** As in SourceNode. */
  readonly options: Readonly<Record<string, string>>;
  /** Columns of the table in order; the input has the same types in the same order. */
  readonly schema: Schema;
  /** As SourceNode.metadata: columns that go to the record's key, timestamp, headers instead of its value. */
  readonly metadata: readonly (string | null)[];
}
