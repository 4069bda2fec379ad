import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder, type ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { doubleType, type SqlType } from '@weir/columnar/sql-type.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { OrderedIndex } from '@weir/state/kinds/ordered-index.ts';
import { ValueByKey } from '@weir/state/kinds/value-by-key.ts';
import type { StorePlace } from '@weir/state/state-stores.ts';
import { orderNumber } from '@weir/state/rows/order-number.ts';
import { maxBatchRows } from '../operator.ts';
import type { TouchedGroups } from './touched-groups.ts';

export interface OrderedValuesOptions {
  readonly keys: readonly number[];
  readonly keyTypes: readonly SqlType[];
  readonly argument: number;
  readonly argumentType: SqlType;
  /** Column of a FILTER, or null. */
  readonly filter: number | null;
}

/**
 * The values that an argument has in each group, counted and in order: for min and max of rows that are taken back. They live as long as their group.
 *
 * V1  The order is derived: entries (slot of the group's record, value) for exactly the values that have a record.
 */
export class OrderedValues {
  readonly values: ValueByKey;
  readonly #columns: readonly number[];
  readonly #keyTypes: readonly SqlType[];
  readonly #valueField: number;
  readonly #countField: number;
  readonly #order: OrderedIndex;
  #slots: Int32Array = new Int32Array(0);
  #read: Int32Array = new Int32Array(0);

  constructor({ keys, keyTypes, argument, argumentType }: OrderedValuesOptions, place: StorePlace) {
    this.#columns = [...keys, argument];
    this.#keyTypes = keyTypes;
    this.#valueField = keys.length;
    this.values = new ValueByKey(
      {
        keys: [...keyTypes, argumentType],
        values: [{ name: 'count', type: doubleType }],
        partitionBy: keys.map((_, position) => position),
        use: 'ordered values',
      },
      place,
    );
    this.#countField = this.values.firstValue;
    const { fields } = this.values;
    this.#order = new OrderedIndex((a, b) => fields.compareFields(a, b, this.#valueField));
  }

  /**
   * Takes rows[0 .. count) of a batch, whose arguments aren't NULL.
   * @param groupSlots by row of the batch the slot of its group's record
   * @returns how many took away a value that wasn't there
   */
  take(batch: Batch, rows: Int32Array, count: number, groupSlots: Int32Array): number {
    const { values } = this;
    if (this.#slots.length < count) this.#slots = new Int32Array(count);
    values.findOrCreateOf(batch, this.#columns, rows, count, this.#slots);
    const { rowKinds } = batch;
    let unmatched = 0;
    for (let index = 0; index < count; index += 1) {
      const slot = this.#slots[index]!;
      const row = rows[index]!;
      const before = values.fields.number(slot, this.#countField);
      const after = rowKinds !== null && isMinus(rowKinds[row]!) ? before - 1 : before + 1;
      if (after < 0) {
        unmatched += 1;
        continue;
      }
      values.fields.setNumber(slot, this.#countField, after);
      if (before === 0) this.#order.insert(groupSlots[row]!, this.#key(slot), slot);
      else if (after === 0) this.#order.remove(groupSlots[row]!, this.#key(slot), slot);
    }
    for (let index = 0; index < count; index += 1) {
      const slot = this.#slots[index]!;
      if (values.store.isLive(slot) && values.fields.number(slot, this.#countField) === 0)
        values.remove(slot);
    }
    return unmatched;
  }

  #key(slot: number): number {
    return orderNumber(this.values.fields, slot, this.#valueField);
  }

  /** Writes the least (or greatest) values of groups to rows `at` .. of a builder; NULL for a group without one. */
  readExtremes({ slots, count }: TouchedGroups, least: boolean, builder: ColumnBuilder, at: number): void {
    if (this.#read.length < count) this.#read = new Int32Array(count);
    for (let group = 0; group < count; group += 1)
      this.#read[group] = least ? this.#order.first(slots[group]!) : this.#order.last(slots[group]!);
    this.values.fields.read(this.#valueField, this.#read, count, builder, at);
  }

  /** A group's record is about to go, and its values with it. */
  forgetGroup(groupSlot: number): void {
    const gone: number[] = [];
    this.#order.forEach(groupSlot, (slot) => gone.push(slot) > 0);
    for (const slot of gone) {
      this.#order.remove(groupSlot, this.#key(slot), slot);
      this.values.remove(slot);
    }
  }

  /** V1, after a restore of both. */
  restoreOrder(groups: ValueByKey): void {
    const slots: number[] = [];
    this.values.store.forEachLive((slot) => slots.push(slot));
    const groupOf = new Map<number, number>();
    for (let from = 0; from < slots.length; from += maxBatchRows) {
      const part = Int32Array.from(slots.slice(from, from + maxBatchRows));
      const found = this.#groupsOf(part, groups);
      part.forEach((slot, index) => groupOf.set(slot, found[index]!));
    }
    const orphans = slots.filter((slot) => groupOf.get(slot)! < 0);
    for (const slot of orphans) this.values.remove(slot);
    const ordered = slots
      .filter((slot) => groupOf.get(slot)! >= 0)
      .toSorted(
        (a, b) =>
          groupOf.get(a)! - groupOf.get(b)! || this.values.fields.compareFields(a, b, this.#valueField),
      );
    this.#order.build(
      Int32Array.from(ordered, (slot) => groupOf.get(slot)!),
      Float64Array.from(ordered, (slot) => this.#key(slot)),
      Int32Array.from(ordered),
    );
  }

  #groupsOf(slots: Int32Array, groups: ValueByKey): Int32Array {
    const fields = this.#keyTypes.map((type, index) => ({ name: `key ${index}`, type, nullable: true }));
    const builder = new BatchBuilder({ fields });
    builder.reserve(slots.length);
    for (const index of fields.keys())
      this.values.fields.read(index, slots, slots.length, builder.column(index));
    builder.rowCount = slots.length;
    const found = new Int32Array(slots.length);
    groups.find(
      builder.batch(),
      fields.map((_, index) => index),
      found,
    );
    return found;
  }
}
