import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { formatType, type SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { ExactColumn } from '@weir/state/panes/exact-column.ts';
import { NumberColumn } from '@weir/state/panes/state-column.ts';
import { overflow } from '../expression/evaluation-errors.ts';
import { divideRounded, powerOfTen, rescale } from '@weir/columnar/decimal-scale.ts';
import { lower } from '../expression/functions/exact.ts';
import { formatPhysical } from '../expression/functions/format-value.ts';
import { rangeOf } from '../expression/value.ts';
import type { Accumulator } from './accumulator.ts';

/** What sum and avg make of a total and a count of values. */
export type Finish = 'sum' | 'avg';

function scaleOf(type: SqlType): number {
  return type.kind === 'decimal' ? type.scale : 0;
}

/** sum and avg of integers, decimals and intervals: totals of any size, checked against the result's type at the end only. */
export class ExactSumAccumulator implements Accumulator {
  readonly totals = new ExactColumn();
  /** How many values: 0 is NULL. */
  readonly counts = new NumberColumn();
  readonly columns = [this.totals, this.counts];
  readonly #finish: Finish;
  readonly #type: SqlType;
  readonly #scale: number;

  constructor(finish: Finish, argument: SqlType, type: SqlType) {
    this.#finish = finish;
    this.#type = type;
    this.#scale = scaleOf(argument);
  }

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'int', 'exact numbers are summed');
    const { totals } = this;
    const counts = this.counts.values;
    const { values, big } = argument;
    if (big !== null) {
      for (let index = 0; index < count; index += 1) totals.addBig(slots[index]!, big[rows[index]!]!);
    } else {
      for (let index = 0; index < count; index += 1) totals.add(slots[index]!, values[rows[index]!]!);
    }
    for (let index = 0; index < count; index += 1) counts[slots[index]!]! += 1;
  }

  subtract(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'int', 'exact numbers are summed');
    const { totals } = this;
    const counts = this.counts.values;
    const { values, big } = argument;
    for (let index = 0; index < count; index += 1) {
      const row = rows[index]!;
      if (big === null) totals.add(slots[index]!, -values[row]!);
      else totals.addBig(slots[index]!, -big[row]!);
      counts[slots[index]!]! -= 1;
    }
  }

  combine(other: ExactSumAccumulator, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const value = other.totals.get(from + index);
      if (typeof value === 'number') this.totals.add(slots[index]!, value);
      else this.totals.addBig(slots[index]!, value);
      this.counts.values[slots[index]!]! += other.counts.values[from + index]!;
    }
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const column = builder.column;
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      const values = this.counts.values[slot]!;
      const total = this.totals.get(slot);
      if (values === 0) {
        builder.setNull(row);
        if (column.kind === 'int') builder.setInt(row, 0);
      } else if (column.kind === 'float') {
        column.values[row] = this.#float(total, values);
      } else {
        builder.setInt(row, this.#exact(total, values));
      }
    }
  }

  #float(total: number | bigint, count: number): number {
    const whole = this.#scale === 0 ? Number(total) : Number(`${total}e-${this.#scale}`);
    const result = this.#finish === 'avg' ? whole / count : whole;
    return this.#type.kind === 'float' && this.#type.bits === 32 ? Math.fround(result) : result;
  }

  #exact(total: number | bigint, count: number): number | bigint {
    const scale = scaleOf(this.#type);
    if (this.#finish === 'sum') {
      return this.#checked(scale === this.#scale ? total : rescale(BigInt(total), this.#scale, scale));
    }
    const whole = BigInt(total);
    // Integers: the quotient is truncated, as integer division is. Decimals: rounded to the result's scale.
    if (this.#type.kind === 'integer') return this.#checked(rescale(whole, this.#scale, 0) / BigInt(count));
    const shift = scale - this.#scale;
    const quotient =
      shift >= 0
        ? divideRounded(whole * powerOfTen(shift), BigInt(count))
        : divideRounded(whole, BigInt(count) * powerOfTen(-shift));
    return this.#checked(quotient);
  }

  #checked(value: number | bigint): number | bigint {
    const { min, max } = rangeOf(this.#type);
    if (value < min || value > max) {
      overflow(this.#finish, formatType(this.#type), formatPhysical(value, this.#type));
    }
    return typeof value === 'bigint' ? lower(value) : value;
  }
}

/** sum and avg of floats. What leaves their range is an error, unless an infinity was summed. */
export class FloatSumAccumulator implements Accumulator {
  readonly totals = new NumberColumn();
  readonly counts = new NumberColumn();
  readonly columns = [this.totals, this.counts];
  readonly #finish: Finish;
  readonly #type: SqlType;
  readonly #single: boolean;

  constructor(finish: Finish, type: SqlType) {
    this.#finish = finish;
    this.#type = type;
    this.#single = type.kind === 'float' && type.bits === 32;
  }

  add(argument: Column | null, rows: Int32Array, slots: Int32Array, count: number): void {
    assert(argument?.kind === 'float', 'floats are summed');
    const counts = this.counts.values;
    for (let index = 0; index < count; index += 1) {
      this.#plus(slots[index]!, argument.values[rows[index]!]!);
      counts[slots[index]!]! += 1;
    }
  }

  combine(other: FloatSumAccumulator, from: number, slots: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#plus(slots[index]!, other.totals.values[from + index]!);
      this.counts.values[slots[index]!]! += other.counts.values[from + index]!;
    }
  }

  #plus(slot: number, value: number): void {
    const totals = this.totals.values;
    const before = totals[slot]!;
    const sum = before + value;
    // `x - x` is 0 of finite numbers only.
    if (sum - sum !== 0 && before - before === 0 && value - value === 0) this.#overflow(before, value);
    totals[slot] = sum;
  }

  #overflow(...values: readonly number[]): never {
    overflow(this.#finish, formatType(this.#type), ...values);
  }

  emit(slots: Int32Array, count: number, builder: ColumnBuilder): void {
    const column = builder.column;
    assert(column.kind === 'float', 'a sum of floats is a float');
    for (let row = 0; row < count; row += 1) {
      const slot = slots[row]!;
      const values = this.counts.values[slot]!;
      if (values === 0) builder.setNull(row);
      const total = this.totals.values[slot]!;
      const result = this.#finish === 'avg' ? total / values : total;
      const shown = this.#single ? Math.fround(result) : result;
      if (Math.abs(shown) === Infinity && Number.isFinite(result)) this.#overflow(result);
      column.values[row] = shown;
    }
  }
}
