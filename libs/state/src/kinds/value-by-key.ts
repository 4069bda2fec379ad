import type { Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { refuseUnhashable } from '../key-encoding.ts';
import type { Piece } from '../pieces/piece-codec.ts';
import { KeyIndex } from '../rows/key-index.ts';
import { RowFields } from '../rows/row-fields.ts';
import { RowLayout, type RowField } from '../rows/row-layout.ts';
import { RowStore } from '../rows/row-store.ts';
import type { NextSequence, PieceWriters, StateStore, StorePlace, WrittenState } from '../state-stores.ts';
import { BatchKeys } from './batch-keys.ts';

export interface ValueByKeyOptions {
  readonly keys: readonly SqlType[];
  readonly values: readonly RowField[];
  /** Positions within `keys` by which rows come to this subtask; left out: all of them. */
  readonly partitionBy?: readonly number[];
  /**
   * A record that is found is taken as changed only if it hasn't been for so many seconds: for records that mostly stay as they are (their owner says
   * `changed` where one doesn't). Left out: whatever is found is taken as changed.
   */
  readonly refreshSeconds?: number;
  /** What it is used for, as a part of its layout: two stores of one operator may have equal fields. */
  readonly use?: string;
}

/** One record a key: for aggregates and deduplication. Fields are the keys, then the values. */
export class ValueByKey implements StateStore {
  readonly store: RowStore;
  readonly fields: RowFields;
  /** Field of the first value; the others follow. */
  readonly firstValue: number;
  readonly #index: KeyIndex;
  readonly #hashed: BatchKeys;
  /** One key that is an exact number: compared without a call. */
  readonly #singleInteger: boolean;
  #columns: Column[] = [];
  readonly #refreshSeconds: number;

  constructor(options: ValueByKeyOptions, place: StorePlace) {
    const { keys, values, partitionBy = null } = options;
    refuseUnhashable(keys);
    const keyFields = keys.map((type, index) => ({ name: `key ${index}`, type }));
    const use = `${options.use ?? 'value by key'} ${keys.length}`;
    this.#refreshSeconds = options.refreshSeconds ?? 0;
    this.store = new RowStore(new RowLayout(use, [...keyFields, ...values]), place);
    this.fields = new RowFields(this.store);
    this.firstValue = keys.length;
    this.#singleInteger = keys.length === 1 && this.store.layout.kinds[0] === 'integer';
    this.#index = new KeyIndex(place.range);
    this.#hashed = new BatchKeys(place.range.keyGroups, partitionBy);
  }

  get count(): number {
    return this.store.count;
  }

  get bytes(): number {
    return this.store.bytes + this.#index.bytes;
  }

  /**
   * The slots of all rows of a batch, by its columns `keys`. A key that isn't there gets a new record, whose values are 0 and not NULL. All are taken
   * as changed.
   */
  findOrCreate(batch: Batch, keys: readonly number[], slots: Int32Array): void {
    this.#begin(batch, keys);
    const { hashes, groups } = this.#hashed;
    for (let row = 0; row < batch.rowCount; row += 1) {
      const found = this.#find(row);
      if (found >= 0) this.#touch(found);
      slots[row] = found >= 0 ? found : this.#create(row, hashes[row]!, groups[row]!);
    }
  }

  /** The same for rows[0 .. count) of a batch: slots[j] is that of rows[j]. */
  findOrCreateOf(
    batch: Batch,
    keys: readonly number[],
    rows: Int32Array,
    count: number,
    slots: Int32Array,
  ): void {
    this.#begin(batch, keys);
    const { hashes, groups } = this.#hashed;
    for (let index = 0; index < count; index += 1) {
      const row = rows[index]!;
      const found = this.#find(row);
      if (found >= 0) this.#touch(found);
      slots[index] = found >= 0 ? found : this.#create(row, hashes[row]!, groups[row]!);
    }
  }

  #touch(slot: number): void {
    const { store } = this;
    if (this.#refreshSeconds === 0 || store.touchedAt(slot) + this.#refreshSeconds <= store.now)
      store.changed(slot);
  }

  /** The same, without making or changing anything: -1 for a key that isn't there. */
  find(batch: Batch, keys: readonly number[], slots: Int32Array): void {
    this.#begin(batch, keys);
    for (let row = 0; row < batch.rowCount; row += 1) slots[row] = this.#find(row);
  }

  #begin(batch: Batch, keys: readonly number[]): void {
    this.#hashed.hash(batch, keys);
    this.#columns = keys.map((key) => present(batch.columns[key], 'key column'));
  }

  #find(row: number): number {
    const { hashes, groups } = this.#hashed;
    let slot = this.#index.first(groups[row]!, hashes[row]!);
    while (slot >= 0 && !this.#isKey(slot, row)) slot = this.#index.next();
    return slot;
  }

  #isKey(slot: number, row: number): boolean {
    const columns = this.#columns;
    const first = columns[0];
    if (this.#singleInteger && first?.kind === 'int' && first.big === null && first.nulls === null) {
      // A NULL here has 0 in its place.
      return this.fields.number(slot, 0) === first.values[row] && !this.fields.isNull(slot, 0);
    }
    for (let field = 0; field < columns.length; field += 1) {
      if (!this.fields.equals(slot, field, columns[field]!, row)) return false;
    }
    return true;
  }

  #create(row: number, hash: number, group: number): number {
    const slot = this.store.allocate(hash, group);
    const columns = this.#columns;
    for (let field = 0; field < columns.length; field += 1)
      this.fields.write(slot, field, columns[field]!, row);
    this.#index.insert(group, hash, slot);
    return slot;
  }

  remove(slot: number): void {
    this.#index.remove(this.store.groupOf(slot), this.store.hashOf(slot), slot);
    this.store.free(slot);
  }

  /** Keys of slots[0 .. count) to rows 0 .. count-1 of the builders. */
  readKeys(slots: Int32Array, count: number, builders: readonly ColumnBuilder[]): void {
    for (let field = 0; field < this.firstValue; field += 1) {
      this.fields.read(field, slots, count, present(builders[field], 'builder of a key'));
    }
  }

  restore(writers: PieceWriters, keep: boolean): void {
    this.store.restore(writers, keep);
    this.store.forEachLive((slot) =>
      this.#index.insert(this.store.groupOf(slot), this.store.hashOf(slot), slot),
    );
  }

  snapshot(next: NextSequence): WrittenState {
    return this.store.snapshot(next);
  }

  writeAhead(next: NextSequence, mostBytes: number): Piece | null {
    return this.store.writeAhead(next, mostBytes);
  }
}
