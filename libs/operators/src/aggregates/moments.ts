import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import { NumberColumn } from '@weir/state/panes/state-column.ts';
import type { Accumulator } from './accumulator.ts';

/** What is made of the squares: of the population or of a sample, their mean or its root. */
export interface MomentResult {
  readonly sample: boolean;
  readonly root: boolean;
}

/**
 * var_pop, var_samp, stddev_pop, stddev_samp of DOUBLE by Welford's way: the mean and the sum of squares around it, which can be taken back. Values that are not
 * finite are counted beside them, so that nothing stays of one that goes.
 */
export class MomentsAccumulator implements Accumulator {
  readonly counts = new NumberColumn();
  readonly means = new NumberColumn();
  readonly squares = new NumberColumn();
  readonly endless = new NumberColumn();
  readonly columns = [this.counts, this.means, this.squares, this.endless];
  readonly #result: MomentResult;

  constructor(result: MomentResult) {
    this.#result = result;
  }

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'float', 'moments are of floats');
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      const value = argument.values[rows[index]!]!;
      if (value - value !== 0) {
        this.endless.values[slot]! += 1;
        continue;
      }
      const n = (this.counts.values[slot]! += 1);
      const away = value - this.means.values[slot]!;
      this.means.values[slot]! += away / n;
      this.squares.values[slot]! += away * (value - this.means.values[slot]!);
    }
  }

  subtract(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'float', 'moments are of floats');
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      const value = argument.values[rows[index]!]!;
      if (value - value !== 0) {
        this.endless.values[slot]! -= 1;
        continue;
      }
      const n = (this.counts.values[slot]! -= 1);
      const mean = this.means.values[slot]!;
      // An empty group is as a new one, one of a value has no squares: nothing that was rounded stays.
      const before = n === 0 ? 0 : mean - (value - mean) / n;
      const squares = this.squares.values[slot]! - (value - mean) * (value - before);
      this.means.values[slot] = before;
      this.squares.values[slot] = n < 2 ? 0 : Math.max(0, squares);
    }
  }

  combine(other: MomentsAccumulator, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      const source = from + index;
      this.endless.values[slot]! += other.endless.values[source]!;
      const more = other.counts.values[source]!;
      if (more === 0) continue;
      const had = this.counts.values[slot]!;
      const n = had + more;
      const away = other.means.values[source]! - this.means.values[slot]!;
      this.counts.values[slot] = n;
      this.means.values[slot]! += (away * more) / n;
      this.squares.values[slot]! += other.squares.values[source]! + (away * away * had * more) / n;
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const { column } = builder;
    assert(column.kind === 'float', 'a deviation is a float');
    const { sample, root } = this.#result;
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      const endless = this.endless.values[slot]!;
      const n = this.counts.values[slot]! + endless;
      const divisor = sample ? n - 1 : n;
      if (divisor < 1) builder.setNull(row);
      const variance = endless > 0 ? NaN : this.squares.values[slot]! / Math.max(1, divisor);
      column.values[row] = root ? Math.sqrt(variance) : variance;
    }
  }
}
