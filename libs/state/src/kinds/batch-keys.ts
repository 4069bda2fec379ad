import type { Batch } from '@weir/columnar/batch.ts';
import { keyGroupsOf } from '@weir/columnar/key-groups.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';

/**
 * Hashes and key groups of a batch's keys. An operator may be partitioned by fewer columns than it groups by: the key group is of those, as the exchange
 * has it. Without such columns everything is in key group 0.
 */
export class BatchKeys {
  readonly #keyGroups: number;
  /** Positions within the key that it is partitioned by; null: all. */
  readonly #partitionBy: readonly number[] | null;
  hashes: Int32Array = new Int32Array(0);
  groups: Uint16Array = new Uint16Array(0);
  #partition: Int32Array = new Int32Array(0);

  constructor(keyGroups: number, partitionBy: readonly number[] | null) {
    this.#keyGroups = keyGroups;
    this.#partitionBy = partitionBy;
  }

  /** `keys`: the batch's columns that are the key, in its order. */
  hash(batch: Batch, keys: readonly number[]): void {
    const rows = batch.rowCount;
    if (this.hashes.length < rows) {
      this.hashes = new Int32Array(rows);
      this.groups = new Uint16Array(rows);
      this.#partition = new Int32Array(rows);
    }
    hashKeys(batch, keys, this.hashes);
    const by = this.#partitionBy?.map((position) => keys[position]!) ?? keys;
    if (by.length === 0) {
      this.groups.fill(0, 0, rows);
      return;
    }
    const hashes = this.#partitionBy === null ? this.hashes : this.#partition;
    if (this.#partitionBy !== null) hashKeys(batch, by, hashes);
    keyGroupsOf(hashes, rows, this.#keyGroups, this.groups);
  }
}
