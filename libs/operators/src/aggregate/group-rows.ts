import type { Batch } from '@weir/columnar/batch.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import type { TouchedGroups } from './touched-groups.ts';

/** Rows that count, with the place of a working set that each goes to. */
class PlacedRows {
  rows: Int32Array = new Int32Array(0);
  places: Int32Array = new Int32Array(0);
  count = 0;

  begin(rows: number): void {
    this.count = 0;
    if (this.rows.length >= rows) return;
    this.rows = new Int32Array(rows);
    this.places = new Int32Array(rows);
  }

  push(row: number, place: number): void {
    this.rows[this.count] = row;
    this.places[this.count] = place;
    this.count += 1;
  }
}

/** A batch's rows by their sign, without those that would take away what isn't there. Arrays are used again. */
export class GroupRows {
  readonly plus = new PlacedRows();
  readonly minus = new PlacedRows();
  /** All of both, in their order. */
  readonly all = new PlacedRows();
  /** Rows that took away what wasn't there: their state has expired, or the source began in the middle. */
  unmatched = 0;
  #standing = new Float64Array(0);

  /**
   * @param rowCounts rows of each group before the batch
   */
  take(batch: Batch, { groupOf, count }: TouchedGroups, rowCounts: Float64Array): void {
    const { rowCount, rowKinds } = batch;
    const { plus, minus, all } = this;
    for (const rows of [plus, minus, all]) rows.begin(rowCount);
    this.unmatched = 0;
    if (rowKinds === null) {
      for (let row = 0; row < rowCount; row += 1) plus.push(row, count + groupOf[row]!);
      return;
    }
    if (this.#standing.length < count) this.#standing = new Float64Array(rowCount);
    const standing = this.#standing;
    for (let group = 0; group < count; group += 1) standing[group] = rowCounts[group]!;
    for (let row = 0; row < rowCount; row += 1) {
      const group = groupOf[row]!;
      const takesAway = isMinus(rowKinds[row]!);
      if (takesAway && standing[group] === 0) {
        this.unmatched += 1;
        continue;
      }
      standing[group]! += takesAway ? -1 : 1;
      (takesAway ? minus : plus).push(row, count + group);
      all.push(row, count + group);
    }
  }

  /** Those in order: of inserts there is no copy. */
  get inOrder(): PlacedRows {
    return this.minus.count === 0 ? this.plus : this.all;
  }
}
