import type { Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { doubleType } from '@weir/columnar/sql-type.ts';
import { grownSlots } from '../grow.ts';
import { refuseUnhashable } from '../key-encoding.ts';
import type { Piece } from '../pieces/piece-codec.ts';
import { KeyIndex } from '../rows/key-index.ts';
import { RowFields } from '../rows/row-fields.ts';
import { RowLayout, type RowField } from '../rows/row-layout.ts';
import { RowStore } from '../rows/row-store.ts';
import type { NextSequence, PieceWriters, StateStore, StorePlace, WrittenState } from '../state-stores.ts';
import { BatchKeys } from './batch-keys.ts';

export interface RowsByKeyOptions {
  readonly columns: readonly RowField[];
  /** The columns that are the key. */
  readonly key: readonly number[];
  /** Positions within `key` by which rows come to this subtask; left out: all of them. */
  readonly partitionBy?: readonly number[];
  /**
   * How a row is found again, to be taken back: by a unique key (its columns), or as a whole; equal rows then share a record that counts them. Left out:
   * rows are only ever added.
   */
  readonly identity?: 'whole row' | readonly number[];
}

/**
 * Many rows a key: for the sides of joins. Fields are the columns, then how many rows the record stands for, a degree (how many rows of another side
 * match it) and the hash of its identity. The rows of a key are a chain in no promised order; chains and indexes are derived from the records.
 */
export class RowsByKey implements StateStore {
  readonly store: RowStore;
  readonly fields: RowFields;
  readonly #options: RowsByKeyOptions;
  readonly #countField: number;
  readonly #degreeField: number;
  readonly #identityField: number;
  readonly #identity: readonly number[] | null;
  /** Head of each key's chain. */
  readonly #heads: KeyIndex;
  readonly #identities: KeyIndex | null;
  readonly #hashed: BatchKeys;
  #identityHashes: Int32Array = new Int32Array(0);
  /** By slot: slot + 1 of the next and the previous of its chain, 0 at the ends. */
  #next: Int32Array = new Int32Array(0);
  #previous: Int32Array = new Int32Array(0);

  constructor(options: RowsByKeyOptions, place: StorePlace) {
    const { columns, key, identity, partitionBy = null } = options;
    refuseUnhashable(key.map((column) => present(columns[column], 'key column').type));
    this.#options = options;
    this.#countField = columns.length;
    this.#degreeField = columns.length + 1;
    this.#identityField = columns.length + 2;
    this.#identity = identity === 'whole row' ? columns.map((_, column) => column) : (identity ?? null);
    const how = Array.isArray(identity) ? identity.join(' ') : (identity ?? 'none');
    const hidden = [
      { name: 'count', type: doubleType },
      { name: 'degree', type: doubleType },
      ...(this.#identity === null ? [] : [{ name: 'identity', type: doubleType }]),
    ];
    const use = `rows by key ${key.join(' ')}, identity ${how}`;
    this.store = new RowStore(new RowLayout(use, [...columns, ...hidden]), place);
    this.fields = new RowFields(this.store);
    this.#heads = new KeyIndex(place.range);
    this.#identities = this.#identity === null ? null : new KeyIndex(place.range);
    this.#hashed = new BatchKeys(place.range.keyGroups, partitionBy);
  }

  get bytes(): number {
    const chains = this.#next.byteLength + this.#previous.byteLength;
    return this.store.bytes + this.#heads.bytes + (this.#identities?.bytes ?? 0) + chains;
  }

  /** Adds all rows of a batch, whose columns are the store's; their records into `slots`. Where it is known by the whole row, an equal one counts one more. */
  insert(batch: Batch, slots: Int32Array): void {
    const { columns, rowCount } = batch;
    this.#hash(batch);
    const { hashes, groups } = this.#hashed;
    const shared = this.#options.identity === 'whole row';
    const key = this.#options.key.map((column) => present(columns[column], 'key column'));
    for (let row = 0; row < rowCount; row += 1) {
      const equal = shared ? this.#findEqual(columns, row) : -1;
      if (equal >= 0) {
        this.fields.setNumber(equal, this.#countField, this.countOf(equal) + 1);
        this.store.changed(equal);
      }
      slots[row] = equal >= 0 ? equal : this.#add(columns, key, row, hashes[row]!, groups[row]!);
    }
  }

  /** The records of all rows of a batch as they are known by (`identity`), -1 for those that aren't there. Nothing is changed. */
  find(batch: Batch, slots: Int32Array): void {
    this.#hash(batch);
    for (let row = 0; row < batch.rowCount; row += 1) slots[row] = this.#findEqual(batch.columns, row);
  }

  /** One row less in a record; true when it was the last: the record is gone then. */
  takeBack(slot: number): boolean {
    const left = this.countOf(slot) - 1;
    if (left <= 0) {
      this.remove(slot);
      return true;
    }
    this.fields.setNumber(slot, this.#countField, left);
    this.store.changed(slot);
    return false;
  }

  /** One row less in a record, which stays where it is even if it stands for none any more; false when it stood for none before. */
  lessen(slot: number): boolean {
    const count = this.countOf(slot);
    if (count <= 0) return false;
    this.fields.setNumber(slot, this.#countField, count - 1);
    this.store.changed(slot);
    return true;
  }

  /** How many equal rows a record stands for. */
  countOf(slot: number): number {
    return this.fields.number(slot, this.#countField);
  }

  degreeOf(slot: number): number {
    return this.fields.number(slot, this.#degreeField);
  }

  setDegree(slot: number, degree: number): void {
    this.fields.setNumber(slot, this.#degreeField, degree);
    this.store.changed(slot);
  }

  /**
   * The first record of each row's key, -1 where it has none: `nextOf` gives the others. `keys`: the batch's columns that are the key, in its order: the
   * batch may be of another side.
   */
  probe(batch: Batch, keys: readonly number[], slots: Int32Array): void {
    this.#hashed.hash(batch, keys);
    const { hashes, groups } = this.#hashed;
    const columns = keys.map((key) => present(batch.columns[key], 'key column'));
    for (let row = 0; row < batch.rowCount; row += 1) {
      slots[row] = this.#headOf(columns, row, hashes[row]!, groups[row]!);
    }
  }

  /** The next record of the same key, -1 at the end. */
  nextOf(slot: number): number {
    return this.#next[slot]! - 1;
  }

  remove(slot: number): void {
    const group = this.store.groupOf(slot);
    this.#unlink(slot, group, this.store.hashOf(slot));
    this.#identities?.remove(group, this.fields.number(slot, this.#identityField), slot);
    this.store.free(slot);
  }

  #hash(batch: Batch): void {
    this.#hashed.hash(batch, this.#options.key);
    if (this.#identity === null) return;
    if (this.#identityHashes.length < batch.rowCount) this.#identityHashes = new Int32Array(batch.rowCount);
    hashKeys(batch, this.#identity, this.#identityHashes);
  }

  #headOf(key: readonly Column[], row: number, hash: number, group: number): number {
    let slot = this.#heads.first(group, hash);
    while (slot >= 0 && !this.#hasKey(slot, key, row)) slot = this.#heads.next();
    return slot;
  }

  #hasKey(slot: number, key: readonly Column[], row: number): boolean {
    const fields = this.#options.key;
    for (let index = 0; index < fields.length; index += 1) {
      if (!this.fields.equals(slot, fields[index]!, key[index]!, row)) return false;
    }
    return true;
  }

  #findEqual(columns: readonly Column[], row: number): number {
    const identities = this.#identities;
    const identity = this.#identity;
    assert(identities !== null && identity !== null, 'rows that are found again have an identity');
    let slot = identities.first(this.#hashed.groups[row]!, this.#identityHashes[row]!);
    while (slot >= 0 && !this.#isSame(slot, identity, columns, row)) slot = identities.next();
    return slot;
  }

  #isSame(slot: number, identity: readonly number[], columns: readonly Column[], row: number): boolean {
    for (const field of identity) if (!this.fields.equals(slot, field, columns[field]!, row)) return false;
    return true;
  }

  #add(columns: readonly Column[], key: readonly Column[], row: number, hash: number, group: number): number {
    const slot = this.store.allocate(hash, group);
    for (let field = 0; field < this.#options.columns.length; field += 1) {
      this.fields.write(slot, field, columns[field]!, row);
    }
    this.fields.setNumber(slot, this.#countField, 1);
    this.fields.setNumber(slot, this.#degreeField, 0);
    if (this.#identities !== null) {
      const identity = this.#identityHashes[row]!;
      this.fields.setNumber(slot, this.#identityField, identity);
      this.#identities.insert(group, identity, slot);
    }
    this.#link(slot, this.#headOf(key, row, hash, group), hash, group);
    return slot;
  }

  /** Makes a slot the head of the chain that `head` (-1: none) was of. */
  #link(slot: number, head: number, hash: number, group: number): void {
    if (slot >= this.#next.length) {
      const length = Math.max(64, slot + 1, Math.ceil(1.5 * this.#next.length));
      this.#next = grownSlots(this.#next, length);
      this.#previous = grownSlots(this.#previous, length);
    }
    this.#next[slot] = head + 1;
    this.#previous[slot] = 0;
    if (head < 0) this.#heads.insert(group, hash, slot);
    else {
      this.#previous[head] = slot + 1;
      this.#heads.replace(group, hash, head, slot);
    }
  }

  #unlink(slot: number, group: number, hash: number): void {
    const next = this.#next[slot]! - 1;
    const previous = this.#previous[slot]! - 1;
    if (next >= 0) this.#previous[next] = previous + 1;
    if (previous >= 0) this.#next[previous] = next + 1;
    else if (next >= 0) this.#heads.replace(group, hash, slot, next);
    else this.#heads.remove(group, hash, slot);
  }

  restore(writers: PieceWriters, keep: boolean): void {
    this.store.restore(writers, keep);
    this.store.forEachLive((slot) => {
      const group = this.store.groupOf(slot);
      const hash = this.store.hashOf(slot);
      this.#identities?.insert(group, this.fields.number(slot, this.#identityField), slot);
      let head = this.#heads.first(group, hash);
      while (head >= 0 && !this.#sameKey(head, slot)) head = this.#heads.next();
      this.#link(slot, head, hash, group);
    });
  }

  #sameKey(a: number, b: number): boolean {
    for (const field of this.#options.key) if (!this.fields.equalFields(a, b, field)) return false;
    return true;
  }

  snapshot(next: NextSequence): WrittenState {
    return this.store.snapshot(next);
  }

  writeAhead(next: NextSequence, mostBytes: number): Piece | null {
    return this.store.writeAhead(next, mostBytes);
  }
}
