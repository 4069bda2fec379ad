import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import { keyGroupsOf } from '@weir/columnar/key-groups.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { GroupIndex } from './group-index.ts';

/** Keys are decoded so many at a time: what one turn touches stays in the cache. */
const chunk = 4096;

/** Tells the key groups of keys, as the exchange does. Without keys everything is in key group 0. */
export class KeyGroups {
  readonly #keyGroups: number;
  readonly #columns: readonly number[];
  readonly #builder: BatchBuilder;
  readonly #numbers = new Float64Array(chunk);
  #hashes: Int32Array = new Int32Array(chunk);

  constructor(keyTypes: readonly SqlType[], keyGroups: number) {
    this.#keyGroups = keyGroups;
    const fields = keyTypes.map((type, index) => ({ name: `k${index}`, type, nullable: true }));
    this.#columns = fields.map((_, index) => index);
    this.#builder = new BatchBuilder({ fields }, chunk);
  }

  /** An empty builder of key columns with room for `rows`; it is used again. */
  builder(rows: number): BatchBuilder {
    this.#builder.reset();
    this.#builder.reserve(rows);
    return this.#builder;
  }

  /** Of the rows of a batch of keys. */
  of(keys: Batch, rows: number): Uint16Array {
    const groups = new Uint16Array(rows);
    this.#fill(keys, rows, groups, 0);
    return groups;
  }

  /** Of the keys at slots[0 .. count). */
  ofSlots(index: GroupIndex, slots: Int32Array, count: number): Uint16Array {
    const groups = new Uint16Array(count);
    for (let from = 0; from < count; from += chunk) {
      const rows = Math.min(chunk, count - from);
      this.#fill(this.#keysAt(index, slots.subarray(from, from + rows), rows), rows, groups, from);
    }
    return groups;
  }

  #keysAt(index: GroupIndex, slots: Int32Array, rows: number): Batch {
    if (index.numbersOf(slots, rows, this.#numbers)) {
      const columns = [{ kind: 'int', values: this.#numbers, big: null, nulls: null }] as const;
      return { schema: this.#builder.schema, columns, rowCount: rows, rowKinds: null, partition: -1 };
    }
    const builder = this.builder(rows);
    index.decode(slots, rows, builder.columns);
    builder.rowCount = rows;
    return builder.batch();
  }

  #fill(keys: Batch, rows: number, groups: Uint16Array, at: number): void {
    if (this.#columns.length === 0) return;
    if (this.#hashes.length < rows) this.#hashes = new Int32Array(rows);
    const hashes = this.#hashes;
    hashKeys(keys, this.#columns, hashes);
    keyGroupsOf(hashes, rows, this.#keyGroups, groups, at);
  }
}
