import type { Schema } from '@weir/columnar/sql-type.ts';

/** Reads a table. The first operator of its stage; emits batches that come from one partition each. */
export interface SourceNode {
  readonly kind: 'source';
  readonly table: string;
  readonly connector: string;
  /** The table's WITH options after validation, keys in full (`source.offset`); `{{ VARIABLES }}` not filled in. */
  readonly options: Readonly<Record<string, string>>;
  /** The columns that the plan uses, pruned: decoders read these only. Computed columns are not here: a calc makes them. */
  readonly schema: Schema;
  /** For each column of `schema`, the metadata key it comes from (`METADATA FROM 'offset'`), or null for a field of the value. */
  readonly metadata: readonly (string | null)[];
}
