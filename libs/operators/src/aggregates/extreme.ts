import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import { ExactColumn } from '@weir/state/panes/exact-column.ts';
import { BytesColumn, FlagColumn, NumberColumn } from '@weir/state/panes/state-column.ts';
import { compareBytes } from '../expression/text-runtime.ts';
import type { Accumulator } from './accumulator.ts';

/** `less`: min, else max. */
abstract class Extreme {
  protected readonly less: boolean;

  constructor(less: boolean) {
    this.less = less;
  }
}

/** min and max of exact numbers, dates, times. NaN in the column is "no value yet". */
export class ExactExtreme extends Extreme implements Accumulator {
  readonly best = new ExactColumn(NaN);
  readonly columns = [this.best];

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'int', 'exact numbers are compared');
    const { values, big } = argument;
    for (let index = 0; index < count; index += 1) {
      const row = rows[index]!;
      this.#take(slots[index]!, big === null ? values[row]! : big[row]!);
    }
  }

  #take(slot: number, value: number | bigint): void {
    if (this.best.isSet(slot)) {
      const best = this.best.get(slot);
      if (this.less ? best <= value : best >= value) return;
    }
    this.best.set(slot, value);
  }

  combine(other: ExactExtreme, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      if (other.best.isSet(from + index)) this.#take(slots[index]!, other.best.get(from + index));
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      if (!this.best.isSet(slot)) builder.setNull(row);
      builder.setInt(row, this.best.isSet(slot) ? this.best.get(slot) : 0);
    }
  }
}

/** min and max of floats: NaN is the greatest, as in PostgreSQL. */
export class FloatExtreme extends Extreme implements Accumulator {
  readonly best = new NumberColumn();
  readonly seen = new FlagColumn();
  readonly columns = [this.best, this.seen];

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'float', 'floats are compared');
    for (let index = 0; index < count; index += 1) this.#take(slots[index]!, argument.values[rows[index]!]!);
  }

  #take(slot: number, value: number): void {
    const best = this.best.values[slot]!;
    if (this.seen.values[slot] === 1) {
      const valueIsLess = value < best || (best !== best && value === value);
      const bestIsLess = best < value || (value !== value && best === best);
      if (this.less ? !valueIsLess : !bestIsLess) return;
    }
    this.best.values[slot] = value;
    this.seen.values[slot] = 1;
  }

  combine(other: FloatExtreme, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      if (other.seen.values[from + index] === 1) this.#take(slots[index]!, other.best.values[from + index]!);
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const column = builder.column;
    assert(column.kind === 'float', 'the least of floats is a float');
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      if (this.seen.values[slot] !== 1) builder.setNull(row);
      column.values[row] = this.best.values[slot]!;
    }
  }
}

/** min and max of TEXT and BYTEA, by bytes. */
export class BytesExtreme extends Extreme implements Accumulator {
  readonly best = new BytesColumn();
  readonly seen = new FlagColumn();
  readonly columns = [this.best, this.seen];

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'bytes', 'text is compared');
    for (let index = 0; index < count; index += 1) {
      const row = rows[index]!;
      this.#take(slots[index]!, argument.data, argument.starts[row]!, argument.ends[row]!);
    }
  }

  #take(slot: number, data: Uint8Array, start: number, end: number): void {
    if (this.seen.values[slot] === 1) {
      const { best } = this;
      const order = compareBytes(data, start, end, best.data, best.starts[slot]!, best.ends[slot]!);
      if (this.less ? order >= 0 : order <= 0) return;
    }
    this.best.set(slot, data, start, end);
    this.seen.values[slot] = 1;
  }

  combine(other: BytesExtreme, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const slot = from + index;
      if (other.seen.values[slot] !== 1) continue;
      this.#take(slots[index]!, other.best.data, other.best.starts[slot]!, other.best.ends[slot]!);
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const column = builder.column;
    assert(column.kind === 'bytes', 'the least of texts is a text');
    column.data = this.best.data;
    column.jsonPlain = false;
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      if (this.seen.values[slot] !== 1) builder.setNull(row);
      column.starts[row] = this.best.starts[slot]!;
      column.ends[row] = this.best.ends[slot]!;
    }
  }
}

/** min and max of BOOLEAN: FALSE is less. 0 no value yet, 1 FALSE, 2 TRUE. */
export class BoolExtreme extends Extreme implements Accumulator {
  readonly best = new FlagColumn();
  readonly columns = [this.best];

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'bool', 'booleans are compared');
    for (let index = 0; index < count; index += 1)
      this.#take(slots[index]!, argument.values[rows[index]!]! + 1);
  }

  #take(slot: number, value: number): void {
    const best = this.best.values[slot]!;
    if (best === 0 || (this.less ? value < best : value > best)) this.best.values[slot] = value;
  }

  combine(other: BoolExtreme, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const value = other.best.values[from + index]!;
      if (value !== 0) this.#take(slots[index]!, value);
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const column = builder.column;
    assert(column.kind === 'bool', 'the least of booleans is a boolean');
    for (let row = 0; row < count; row += 1) {
      const best = this.best.values[slots[row]!]!;
      if (best === 0) builder.setNull(row);
      column.values[row] = best === 2 ? 1 : 0;
    }
  }
}
