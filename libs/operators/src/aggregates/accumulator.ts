import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { StateColumn } from '@weir/state/panes/state-column.ts';

/** One aggregate of a pane: its value for every slot. Rows that do not count (NULL, FILTER) have been taken out before. */
export interface Accumulator {
  readonly columns: readonly StateColumn[];
  /** Adds rows[j] of the argument to slots[j], for j below `count`. `argument` is null for count(*). */
  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void;
  /** Takes rows that were added back, as `add` takes them; only where `create-accumulator.ts` was asked for one that can. */
  subtract?(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void;
  /** Adds slot `from + j` of another pane's accumulator of the same kind to slots[j]. */
  combine(other: Accumulator, from: number, slots: Int32Array, count: number): void;
  /** Writes the results of slots[0 .. count) to rows 0 .. count-1. */
  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void;
}
