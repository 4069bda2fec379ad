import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { NumberColumn } from '@weir/state/panes/state-column.ts';
import type { Accumulator } from './accumulator.ts';

export class CountAccumulator implements Accumulator {
  readonly counts = new NumberColumn();
  readonly columns = [this.counts];

  add(_: Column | null, __: Int32Array, slots: Int32Array, count: number): void {
    const { values } = this.counts;
    for (let index = 0; index < count; index += 1) values[slots[index]!]! += 1;
  }

  subtract(_: Column | null, __: Int32Array, slots: Int32Array, count: number): void {
    const { values } = this.counts;
    for (let index = 0; index < count; index += 1) values[slots[index]!]! -= 1;
  }

  combine(other: CountAccumulator, from: number, slots: Int32Array, count: number): void {
    const { values } = this.counts;
    const source = other.counts.values;
    for (let index = 0; index < count; index += 1) values[slots[index]!]! += source[from + index]!;
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let row = 0; row < count; row += 1) builder.setInt(row, this.counts.values[slots[row]!]!);
  }
}
