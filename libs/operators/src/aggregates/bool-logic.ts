import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import { NumberColumn } from '@weir/state/panes/state-column.ts';
import type { Accumulator } from './accumulator.ts';

/** bool_and and bool_or: how many were TRUE, how many FALSE. */
export class BoolLogicAccumulator implements Accumulator {
  readonly trues = new NumberColumn();
  readonly falses = new NumberColumn();
  readonly columns = [this.trues, this.falses];
  readonly #every: boolean;

  /** @param every bool_and, else bool_or */
  constructor(every: boolean) {
    this.#every = every;
  }

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    this.#apply(argument, rows, slots, count, 1);
  }

  subtract(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    this.#apply(argument, rows, slots, count, -1);
  }

  #apply(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number, by: number): void {
    assert(argument?.kind === 'bool', 'booleans are put together');
    for (let index = 0; index < count; index += 1) {
      const counts = argument.values[rows[index]!] === 1 ? this.trues : this.falses;
      counts.values[slots[index]!]! += by;
    }
  }

  combine(other: BoolLogicAccumulator, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.trues.values[slots[index]!]! += other.trues.values[from + index]!;
      this.falses.values[slots[index]!]! += other.falses.values[from + index]!;
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const { column } = builder;
    assert(column.kind === 'bool', 'booleans make a boolean');
    for (let row = 0; row < count; row += 1) {
      const [trues, falses] = [this.trues.values[slots[row]!]!, this.falses.values[slots[row]!]!];
      if (trues + falses === 0) builder.setNull(row);
      column.values[row] = (this.#every ? falses === 0 : trues > 0) ? 1 : 0;
    }
  }
}
