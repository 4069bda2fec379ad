import type { IntColumn } from '@weir/columnar/column.ts';
import type { WindowSlices } from './window-slices.ts';

/**
 * Sorts the rows of a batch by the slice of their event time, in their order within each. Late rows, rows in no window and rows without a
 * time are left out and counted. Arrays are used again: results are valid until the next call.
 */
export class SliceRows {
  readonly slices: number[] = [];
  late = 0;
  timeless = 0;
  readonly #windows: WindowSlices;
  #rows: Int32Array = new Int32Array(0);
  /** Where each slice's rows end in #rows; they begin where those of the slice before end. */
  #ends: number[] = [];
  #ordinals: Int32Array = new Int32Array(0);

  constructor(windows: WindowSlices) {
    this.#windows = windows;
  }

  /** Rows of the index-th slice. */
  rows(index: number): Int32Array {
    return this.#rows.subarray(index === 0 ? 0 : this.#ends[index - 1], this.#ends[index]);
  }

  sort(times: IntColumn, rowCount: number, watermark: number): void {
    this.late = 0;
    this.timeless = 0;
    this.slices.length = 0;
    this.#ends.length = 0;
    if (this.#rows.length < rowCount) {
      this.#rows = new Int32Array(rowCount);
      this.#ordinals = new Int32Array(rowCount);
    }
    if (times.big !== null || times.nulls !== null || !this.#uniform(times.values, rowCount, watermark)) {
      this.#sortMixed(times, rowCount, watermark);
    }
  }

  /** The common case: all rows in one slice. */
  #uniform(values: Float64Array, rowCount: number, watermark: number): boolean {
    let least = Infinity;
    let greatest = -Infinity;
    for (let row = 0; row < rowCount; row += 1) {
      const time = values[row]!;
      if (time < least) least = time;
      if (time > greatest) greatest = time;
    }
    const slice = this.#windows.sliceOf(least);
    if (slice !== this.#windows.sliceOf(greatest)) return false;
    const verdict = this.#verdict(slice, watermark);
    if (verdict === 'late') this.late = rowCount;
    if (verdict !== 'open') return true;
    for (let row = 0; row < rowCount; row += 1) this.#rows[row] = row;
    this.slices.push(slice);
    this.#ends.push(rowCount);
    return true;
  }

  #verdict(slice: number, watermark: number): 'open' | 'late' | 'gap' {
    const last = this.#windows.lastWindow(slice);
    if (this.#windows.firstWindow(slice) > last) return 'gap';
    return this.#windows.end(last) <= watermark ? 'late' : 'open';
  }

  #sortMixed(times: IntColumn, rowCount: number, watermark: number): void {
    const { nulls, values, big } = times;
    const known = new Map<number, number>();
    const counts: number[] = [];
    let previous = NaN;
    let ordinal = -1;
    for (let row = 0; row < rowCount; row += 1) {
      if (nulls !== null && nulls[row] === 1) {
        this.#ordinals[row] = -1;
        this.timeless += 1;
        continue;
      }
      const slice = this.#windows.sliceOf(big === null ? values[row]! : big[row]!);
      if (slice !== previous) {
        previous = slice;
        ordinal = known.get(slice) ?? this.#newOrdinal(slice, watermark, known, counts);
      }
      this.#ordinals[row] = ordinal;
      if (ordinal >= 0) counts[ordinal]! += 1;
      else if (ordinal === -2) this.late += 1;
    }
    this.#place(rowCount, counts);
  }

  /** -1: in no window; -2: late. */
  #newOrdinal(slice: number, watermark: number, known: Map<number, number>, counts: number[]): number {
    const verdict = this.#verdict(slice, watermark);
    const ordinal = verdict === 'open' ? this.slices.length : verdict === 'late' ? -2 : -1;
    known.set(slice, ordinal);
    if (ordinal >= 0) {
      this.slices.push(slice);
      counts.push(0);
    }
    return ordinal;
  }

  #place(rowCount: number, counts: readonly number[]): void {
    const next: number[] = [];
    let total = 0;
    for (const count of counts) {
      next.push(total);
      total += count;
      this.#ends.push(total);
    }
    for (let row = 0; row < rowCount; row += 1) {
      const ordinal = this.#ordinals[row]!;
      if (ordinal < 0) continue;
      this.#rows[next[ordinal]!] = row;
      next[ordinal]! += 1;
    }
  }
}
