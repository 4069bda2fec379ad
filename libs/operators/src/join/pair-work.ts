import type { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import { maxBatchRows } from '../operator.ts';

/**
 * The rows of one batch on their way through a join: where each is stored, and how far along the other side's rows of its key it is. Arrays are used
 * again; those of pairs hold about a batch.
 */
export class PairWork {
  slots: Int32Array = new Int32Array(0);
  /** By row: the first record of the other side that has its key, -1 for none. */
  heads: Int32Array = new Int32Array(0);
  /** By row: 1 for one that leaves the store when the work is done. */
  gone: Uint8Array = new Uint8Array(0);
  /** By row: how many rows of the other side match it, as far as it has seen them. */
  matches: Float64Array = new Float64Array(0);
  readonly leftSlots = new Int32Array(maxBatchRows);
  readonly rightSlots = new Int32Array(maxBatchRows);
  /** By pair: the row of the batch that it is of. */
  readonly rows = new Int32Array(maxBatchRows);
  readonly passed = new Uint8Array(maxBatchRows);
  input = 0;
  rowCount = 0;
  /** The first row that has not seen all of the other side. */
  row = 0;
  open = false;
  /** The next record for `row`; -2: its first. */
  #at = -2;

  begin(rowCount: number, input: number): this {
    if (this.slots.length < rowCount) {
      this.slots = new Int32Array(rowCount);
      this.heads = new Int32Array(rowCount);
      this.gone = new Uint8Array(rowCount);
      this.matches = new Float64Array(rowCount);
    }
    this.matches.fill(0, 0, rowCount);
    this.input = input;
    this.rowCount = rowCount;
    this.row = 0;
    this.#at = -2;
    this.open = rowCount > 0;
    return this;
  }

  /** Only the first rows of those that it began with are left. */
  shorten(rowCount: number): void {
    this.rowCount = rowCount;
    this.open = rowCount > 0;
  }

  end(): void {
    this.open = false;
  }

  /** Writes the next pairs, up to a batch of them; returns how many. `row` is beyond all rows that they and those before complete. */
  collect(other: RowsByKey): number {
    const [own, others] =
      this.input === 0 ? [this.leftSlots, this.rightSlots] : [this.rightSlots, this.leftSlots];
    let count = 0;
    while (this.row < this.rowCount && count < maxBatchRows) {
      const slot = this.slots[this.row]!;
      let at = this.#at === -2 ? this.heads[this.row]! : this.#at;
      while (at >= 0 && count < maxBatchRows) {
        own[count] = slot;
        others[count] = at;
        this.rows[count] = this.row;
        count += 1;
        at = other.nextOf(at);
      }
      if (at >= 0) {
        this.#at = at;
        return count;
      }
      this.#at = -2;
      this.row += 1;
    }
    return count;
  }

  /** Of the pairs [0, count) those that passed, moved to the front; returns how many. */
  keepPassed(count: number): number {
    let kept = 0;
    for (let pair = 0; pair < count; pair += 1) {
      if (this.passed[pair] !== 1) continue;
      this.leftSlots[kept] = this.leftSlots[pair]!;
      this.rightSlots[kept] = this.rightSlots[pair]!;
      this.rows[kept] = this.rows[pair]!;
      kept += 1;
    }
    return kept;
  }
}
