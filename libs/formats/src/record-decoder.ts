import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import type { Decoder, RecordPart } from './decoder.ts';
import type { SchemaIdentity } from './writer-schemas.ts';

/**
 * Whole records into rows: the value makes the rows, then keys fill their columns of them.
 *
 * Invariant: after a call the batch holds the rows of the records consumed, all of each record, and nothing of the next one. Rows behind
 * a key that can't be read are given up and made again: that is rare.
 */
export class RecordDecoder {
  /** As of Decoder, about the record after those consumed. */
  error: WeirError | null = null;
  missing: SchemaIdentity | null = null;
  /** Records without a value that were skipped, each counted once. */
  nullValues = 0;
  readonly #value: Decoder;
  readonly #keys: readonly Decoder[];

  /** `keys`: decoders of the keys, each for columns of its own; none where no column comes from the key. */
  constructor(value: Decoder, keys: readonly Decoder[]) {
    this.#value = value;
    this.#keys = keys;
  }

  /** As Decoder.decode; `key` has the same records as `value`. */
  decode(value: RecordPart, key: RecordPart, from: number, count: number, into: BatchBuilder): number {
    const firstRow = into.rowCount;
    const skippedBefore = this.#value.nullValues;
    const decoded = this.#value.decode(value, from, count, into);
    let consumed = decoded;
    this.error = this.#value.error;
    this.missing = this.#value.missing;
    for (const decoder of this.#keys) {
      const filled = firstRow + decoder.decodeRows(key, into, firstRow, into.rowCount);
      if (filled === into.rowCount) continue;
      const record = into.recordIndex[filled]!;
      let rows = filled;
      while (rows > firstRow && into.recordIndex[rows - 1] === record) rows -= 1;
      into.truncate(rows);
      consumed = record - from;
      this.error = decoder.error;
      this.missing = decoder.missing;
    }
    const skipped = this.#value.nullValues - skippedBefore;
    if (skipped > 0) {
      // Those behind a key that stopped the call are skipped again by the next one.
      this.nullValues += skipped - countNull(value.starts, from + consumed, from + decoded);
    }
    return consumed;
  }
}

function countNull(starts: Int32Array, from: number, to: number): number {
  let count = 0;
  for (let record = from; record < to; record += 1) if (starts[record]! < 0) count += 1;
  return count;
}
