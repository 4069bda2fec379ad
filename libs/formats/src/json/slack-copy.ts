import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';

/**
 * A copy of a batch's records with room behind them, made only when a batch has text that must be unescaped: fetched bytes are never
 * written to, and a column has one buffer, so raw slices and unescaped text must lie in the same one.
 *
 * Invariant: with `active`, a byte at `p` of the caller's data is at `p - shift` of `buffer` for all p in [low, high).
 */
export class SlackCopy {
  buffer: Uint8Array = new Uint8Array(0);
  active = false;
  shift = 0;
  /** First free byte. */
  tail = -1;
  #data = this.buffer;
  #low = 0;
  #high = 0;

  /** A call of decode begins, for records from .. to; with `rows` 0 it begins a batch. False: some are not in the copy, the batch must end here. */
  startCall(
    data: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    from: number,
    to: number,
    rows: number,
  ): boolean {
    if (rows === 0) {
      this.active = false;
      this.shift = 0;
      this.#low = data.length;
      this.#high = 0;
    }
    this.#data = data;
    for (let record = from; record < to; record += 1) {
      const start = starts[record]!;
      if (start < 0) continue;
      const end = ends[record]!;
      if (start >= this.#low && end <= this.#high) continue;
      if (this.active) return false;
      if (start < this.#low) this.#low = start;
      if (end > this.#high) this.#high = end;
    }
    return true;
  }

  /** Copies, and moves the slices of the rows so far. */
  make(builders: readonly ColumnBuilder[], rows: number): void {
    const span = this.#high - this.#low;
    // A string is unescaped at most once a reader: text to at most its own length, base64 to that and three quarters of it again.
    const length = span * 3 + 64;
    if (this.buffer.length < length) this.buffer = new Uint8Array(length);
    this.buffer.set(this.#data.subarray(this.#low, this.#high));
    this.active = true;
    this.shift = this.#low;
    this.tail = span;
    for (const builder of builders) moveSlices(builder, rows, this.shift);
  }
}

function moveSlices(builder: ColumnBuilder, rows: number, by: number): void {
  const column = builder.column;
  if (column.kind === 'bytes') {
    for (let row = 0; row < rows; row += 1) {
      column.starts[row] = column.starts[row]! - by;
      column.ends[row] = column.ends[row]! - by;
    }
  }
  const below = column.kind === 'struct' ? rows : builder.elementCount(rows);
  for (const child of builder.children) moveSlices(child, below, by);
}
