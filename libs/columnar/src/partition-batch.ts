import { assert, present } from '@weir/kernel/assert.ts';
import type { Batch } from './batch.ts';
import { keyGroupOf, subtaskOf } from './key-groups.ts';
import { hashKeys } from './key-hash.ts';
import { cutPairs } from './row-kinds.ts';

/**
 * Splits batches by key group: which rows go to which of `parallelism` subtasks. Arrays are used again: results are valid until the next
 * call of `partition`.
 */
export class BatchPartitioner {
  readonly #keyGroups: number;
  readonly #subtaskOfGroup: Uint16Array;
  readonly #selections: Int32Array[];
  readonly #counts: Int32Array;
  #hashes = new Int32Array(0);
  /** Only for batches with row kinds: the target of each row, and the kinds where a pair was cut. */
  #targets = new Uint16Array(0);
  #kinds = new Uint8Array(0);

  constructor(parallelism: number, keyGroups: number) {
    assert(parallelism <= keyGroups, 'parallelism is at most the number of key groups');
    this.#keyGroups = keyGroups;
    this.#subtaskOfGroup = Uint16Array.from({ length: keyGroups }, (_, group) =>
      subtaskOf(group, parallelism, keyGroups),
    );
    this.#selections = Array.from({ length: parallelism }, () => new Int32Array(0));
    this.#counts = new Int32Array(parallelism);
  }

  /**
   * Hashes the keys of all rows and sorts the rows by target, in their order within each target.
   * @returns the batch, in which a pair whose halves go to different targets has become a delete and an insert
   */
  partition(batch: Batch, keyColumns: readonly number[]): Batch {
    const rows = batch.rowCount;
    if (this.#hashes.length < rows) this.#grow(rows);
    const hashes = this.#hashes;
    hashKeys(batch, keyColumns, hashes);
    const counts = this.#counts.fill(0);
    const selections = this.#selections;
    const subtasks = this.#subtaskOfGroup;
    const keyGroups = this.#keyGroups;
    for (let row = 0; row < rows; row += 1) {
      const target = subtasks[keyGroupOf(hashes[row]!, keyGroups)]!;
      selections[target]![counts[target]!++] = row;
    }
    return batch.rowKinds === null ? batch : this.#cut(batch, batch.rowKinds);
  }

  #cut(batch: Batch, kinds: Uint8Array): Batch {
    const rows = batch.rowCount;
    if (this.#targets.length < rows) {
      this.#targets = new Uint16Array(rows * 2);
      this.#kinds = new Uint8Array(rows * 2);
    }
    for (let row = 0; row < rows; row += 1)
      this.#targets[row] = this.#subtaskOfGroup[keyGroupOf(this.#hashes[row]!, this.#keyGroups)]!;
    return { ...batch, rowKinds: cutPairs(kinds, rows, this.#targets, this.#kinds) };
  }

  /** Rows of the batch that go to `target`: the first `count(target)` entries. */
  selection(target: number): Int32Array {
    return present(this.#selections[target], 'target');
  }

  count(target: number): number {
    return present(this.#counts[target], 'target');
  }

  #grow(rows: number): void {
    const length = rows * 2;
    this.#hashes = new Int32Array(length);
    for (let target = 0; target < this.#selections.length; target += 1) {
      this.#selections[target] = new Int32Array(length);
    }
  }
}
