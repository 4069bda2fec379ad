import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { NumberColumn } from '@weir/state/panes/state-column.ts';
import type { Accumulator } from './accumulator.ts';
import type { Finish } from './sum.ts';

/**
 * sum and avg of floats that are taken back again. What adding rounds off is kept beside the total (Neumaier), so that it comes back to what is left, but for
 * the last bits of a double of a double. NaN and infinities are counted: in the total they would stay for ever.
 */
export class RetractableFloatSum implements Accumulator {
  readonly totals = new NumberColumn();
  readonly rounded = new NumberColumn();
  readonly counts = new NumberColumn();
  readonly nans = new NumberColumn();
  /** Positive infinities, and negative ones. */
  readonly rises = new NumberColumn();
  readonly falls = new NumberColumn();
  readonly columns = [this.totals, this.rounded, this.counts, this.nans, this.rises, this.falls];
  readonly #finish: Finish;
  readonly #single: boolean;

  constructor(finish: Finish, type: SqlType) {
    this.#finish = finish;
    this.#single = type.kind === 'float' && type.bits === 32;
  }

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    this.#apply(argument, rows, slots, count, 1);
  }

  subtract(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    this.#apply(argument, rows, slots, count, -1);
  }

  #apply(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number, sign: 1 | -1): void {
    assert(argument?.kind === 'float', 'floats are summed');
    const counts = this.counts.values;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      const value = argument.values[rows[index]!]!;
      counts[slot]! += sign;
      if (value - value === 0) this.#addFinite(slot, sign * value);
      else this.#countOther(slot, value, sign);
      // An empty group is as a new one: nothing that was rounded stays behind.
      if (counts[slot] === 0) {
        this.totals.values[slot] = 0;
        this.rounded.values[slot] = 0;
      }
    }
  }

  #addFinite(slot: number, value: number): void {
    const total = this.totals.values[slot]!;
    const sum = total + value;
    this.rounded.values[slot]! +=
      Math.abs(total) >= Math.abs(value) ? total - sum + value : value - sum + total;
    this.totals.values[slot] = sum;
  }

  #countOther(slot: number, value: number, by: number): void {
    if (value !== value) this.nans.values[slot]! += by;
    else if (value > 0) this.rises.values[slot]! += by;
    else this.falls.values[slot]! += by;
  }

  combine(other: RetractableFloatSum, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      const source = from + index;
      this.#addFinite(slot, other.totals.values[source]!);
      this.rounded.values[slot]! += other.rounded.values[source]!;
      this.counts.values[slot]! += other.counts.values[source]!;
      this.nans.values[slot]! += other.nans.values[source]!;
      this.rises.values[slot]! += other.rises.values[source]!;
      this.falls.values[slot]! += other.falls.values[source]!;
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const column = builder.column;
    assert(column.kind === 'float', 'a sum of floats is a float');
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      const values = this.counts.values[slot]!;
      if (values === 0) builder.setNull(row);
      const total = this.#total(slot);
      const result = this.#finish === 'avg' ? total / values : total;
      column.values[row] = this.#single ? Math.fround(result) : result;
    }
  }

  #total(slot: number): number {
    const rises = this.rises.values[slot]! > 0;
    const falls = this.falls.values[slot]! > 0;
    if (this.nans.values[slot]! > 0 || (rises && falls)) return NaN;
    if (rises) return Infinity;
    if (falls) return -Infinity;
    return this.totals.values[slot]! + this.rounded.values[slot]!;
  }
}
