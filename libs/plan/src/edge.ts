import type { Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode, UniqueKey } from './change-mode.ts';

/** What is stated of the rows between two operators. */
export interface Edge {
  readonly schema: Schema;
  readonly changes: ChangeMode;
  readonly keys: readonly UniqueKey[];
}
