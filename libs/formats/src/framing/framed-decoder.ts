import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { partWithoutHeaders, type Decoder, type RecordPart } from '../decoder.ts';
import type { SchemaIdentity } from '../writer-schemas.ts';
import type { Framing } from './framing-options.ts';

/** Rows of a record, at most: they all go into one batch. */
const maxLines = 100_000;
const lineFeed = 10;
const carriageReturn = 13;

/** The position of the LF that ends the line which begins at `start`, or `end`. */
export type EndOfLine = (data: Uint8Array, start: number, end: number) => number;

/** Lines end wherever an LF is. */
export const endOfPlainLine: EndOfLine = (data, start, end) => {
  const found = data.subarray(start, end).indexOf(lineFeed);
  return found < 0 ? end : start + found;
};

/**
 * Records that hold lines, a row each, of any format that reads one value a record. CR LF ends a line too; an empty last line is none.
 *
 * Invariant: a batch holds all rows of a record or none of them, since positions lie between records: one bad line makes all of its record
 * bad, once.
 */
export class FramedDecoder implements Decoder {
  error: WeirError | null = null;
  missing: SchemaIdentity | null = null;
  readonly #lines: Decoder;
  readonly #framing: Framing;
  readonly #endOfLine: EndOfLine;
  readonly #keepsEmpty: boolean;
  /** Lines of the records being decoded, and of which record each is. */
  #starts = new Int32Array(1024);
  #ends = new Int32Array(1024);
  #records = new Int32Array(1024);
  #count = 0;

  /** @param lines reads a line as a record @param keepsEmpty whether an empty line is a row; else it is none */
  constructor(lines: Decoder, framing: Framing, endOfLine: EndOfLine, keepsEmpty: boolean) {
    this.#lines = lines;
    this.#framing = framing;
    this.#endOfLine = endOfLine;
    this.#keepsEmpty = keepsEmpty;
  }

  get nullValues(): number {
    return this.#lines.nullValues;
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.missing = null;
    this.error = null;
    const to = from + count;
    let record = from;
    while (record < to && into.rowCount < into.capacity) {
      const next = this.#decodeSome(part, record, to, into);
      if (this.error !== null || next === record) return next - from;
      record = next;
    }
    return record - from;
  }

  /** @returns the first record not decoded */
  #decodeSome(part: RecordPart, from: number, end: number, into: BatchBuilder): number {
    const to = this.#split(part, from, end, into);
    const firstRow = into.rowCount;
    if (firstRow + this.#count > into.capacity) into.reserve(firstRow + this.#count);
    const decoded = this.#decodeLines(part.data, into);
    if (decoded === this.#count) {
      this.#nameRecords(into, firstRow);
      return to;
    }
    const stopped = this.#records[decoded]!;
    this.error = this.#lines.error;
    this.#giveUp(into, firstRow, stopped);
    this.#nameRecords(into, firstRow);
    if (this.error === null && into.rowCount === 0)
      this.error = tooLarge('the values of its lines do not fit into a batch');
    return stopped;
  }

  decodeRows(): number {
    assert(false, 'keys have no lines');
  }

  /** Finds the lines of as many records as the batch takes. @returns the first record behind them; where that is unreadable `error` is set */
  #split(part: RecordPart, from: number, to: number, into: BatchBuilder): number {
    this.#count = 0;
    let record = from;
    for (; record < to && into.rowCount + this.#count < into.capacity; record += 1) {
      const before = this.#count;
      if (part.starts[record]! < 0) this.#add(-1, -1, record);
      else if (!this.#splitRecord(part, record)) {
        this.#count = before;
        break;
      }
      // A record of more lines than a batch takes begins one, which then grows.
      if (into.rowCount + this.#count > into.capacity && into.rowCount + before > 0) {
        this.#count = before;
        break;
      }
    }
    return record;
  }

  #splitRecord(part: RecordPart, record: number): boolean {
    const { data } = part;
    const first = this.#count;
    const end = part.ends[record]!;
    for (let start = part.starts[record]!; start < end;) {
      const stop = this.#endOfLine(data, start, end);
      if (stop - start > this.#framing.maxLength) {
        this.error = tooLarge(
          `line ${this.#count - first + 1} has ${stop - start} bytes, 'framing.max_length' is ${this.#framing.maxLength}`,
        );
        return false;
      }
      const last = stop > start && data[stop - 1] === carriageReturn && stop < end ? stop - 1 : stop;
      if (last > start || this.#keepsEmpty) this.#add(start, last, record);
      if (this.#count - first > maxLines) {
        this.error = tooLarge(`it has more than ${maxLines} lines`);
        return false;
      }
      start = stop + 1;
    }
    return true;
  }

  #add(start: number, end: number, record: number): void {
    if (this.#count === this.#starts.length) this.#grow();
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#records[this.#count] = record;
    this.#count += 1;
  }

  #grow(): void {
    const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
    this.#records = grown(this.#records);
  }

  #decodeLines(data: Uint8Array, into: BatchBuilder): number {
    if (this.#count === 0) return 0;
    const lines = partWithoutHeaders(data, this.#starts, this.#ends);
    let decoded = 0;
    while (decoded < this.#count) {
      const more = this.#lines.decode(lines, decoded, this.#count - decoded, into);
      decoded += more;
      if (this.#lines.error !== null || more === 0) return decoded;
    }
    return decoded;
  }

  /** Leaves no row of the record that stopped. */
  #giveUp(into: BatchBuilder, firstRow: number, stopped: number): void {
    let rows = into.rowCount;
    while (rows > firstRow && this.#records[into.recordIndex[rows - 1]!] === stopped) rows -= 1;
    into.truncate(rows);
  }

  /** The lines' decoder has named lines. */
  #nameRecords(into: BatchBuilder, firstRow: number): void {
    const { recordIndex } = into;
    for (let row = firstRow; row < into.rowCount; row += 1)
      recordIndex[row] = this.#records[recordIndex[row]!]!;
  }
}

function tooLarge(problem: string): WeirError {
  return new WeirError('WEIR-3112', `the record can't be split into lines: ${problem}`, {
    hint: "set 'framing.max_length' higher, or leave such records out: 'bad_data' = 'drop'",
  });
}
