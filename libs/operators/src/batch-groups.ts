import type { Batch } from '@weir/columnar/batch.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import { sameRow } from '@weir/columnar/same-row.ts';
import { present } from '@weir/kernel/assert.ts';

/** The rows of one batch by their keys, numbered 0 .. count-1 in the order in which they come. Nothing of it outlives the batch; arrays are used again. */
export class BatchGroups {
  count = 0;
  /** First row of each group. */
  firstRow: Int32Array = new Int32Array(0);
  /** The number of each row's group. */
  groupOf: Int32Array = new Int32Array(0);
  #hashes: Int32Array = new Int32Array(0);
  /** Number + 1 by place; 0: none. */
  #table: Int32Array = new Int32Array(0);

  take(batch: Batch, keys: readonly number[]): void {
    const { rowCount } = batch;
    this.#begin(rowCount);
    hashKeys(batch, keys, this.#hashes);
    const columns = keys.map((key) => present(batch.columns[key], 'key column'));
    const table = this.#table;
    const mask = table.length - 1;
    let count = 0;
    for (let row = 0; row < rowCount; row += 1) {
      const hash = this.#hashes[row]!;
      let place = (hash ^ (hash >>> 15)) & mask;
      for (;;) {
        const known = table[place]! - 1;
        if (known < 0) {
          this.firstRow[count] = row;
          this.groupOf[row] = count;
          count += 1;
          table[place] = count;
          break;
        }
        const first = this.firstRow[known]!;
        if (this.#hashes[first] === hash && sameRow(columns, first, row)) {
          this.groupOf[row] = known;
          break;
        }
        place = (place + 1) & mask;
      }
    }
    this.count = count;
  }

  #begin(rowCount: number): void {
    if (this.groupOf.length < rowCount) {
      this.groupOf = new Int32Array(rowCount);
      this.firstRow = new Int32Array(rowCount);
      this.#hashes = new Int32Array(rowCount);
      this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * rowCount + 2)));
    } else this.#table.fill(0);
  }
}
