import type { BytesColumn } from '@weir/columnar/column.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Decoder, NullValue } from '../format.ts';
import { firstBytes } from '../json/record-problem.ts';
import { ScanBuffer } from '../json/scan-buffer.ts';
import { plainTextEnd } from '../json/scan-string.ts';
import { noValueError } from '../null-value.ts';

export interface RawSettings {
  /** Index of the one column. */
  readonly column: number;
  /** TEXT: the bytes must be UTF-8. */
  readonly text: boolean;
  /** A record holds lines, a row each; an empty last one is none. */
  readonly lines: boolean;
  readonly nullValue: NullValue;
  /** Of the column: a tombstone may be a row. */
  readonly nullable: boolean;
}

/** A record's value, or each line of it, as it is: slices of the fetched bytes. */
export class RawDecoder implements Decoder {
  error: WeirError | null = null;
  readonly #settings: RawSettings;
  readonly #scan = new ScanBuffer();

  constructor(settings: RawSettings) {
    this.#settings = settings;
  }

  decode(
    data: Uint8Array,
    valueStarts: Int32Array,
    valueEnds: Int32Array,
    from: number,
    count: number,
    into: BatchBuilder,
  ): number {
    this.error = null;
    this.#scan.use(data, -1);
    let record = from;
    for (; record < from + count && into.rowCount < into.capacity; record += 1) {
      const start = valueStarts[record]!;
      if (start >= 0) {
        if (!this.#read(start, valueEnds[record]!, record, into)) break;
      } else if (this.#settings.nullValue !== 'skip' && !this.#readNull(record, into)) {
        this.error = noValueError(
          this.#settings.nullValue === 'row' ? into.schema.fields[this.#settings.column]?.name : undefined,
        );
        break;
      }
    }
    (into.column(this.#settings.column).column as BytesColumn).data = data;
    return record - from;
  }

  /** A tombstone is a row with NULL, if it may be. */
  #readNull(record: number, into: BatchBuilder): boolean {
    if (this.#settings.nullValue === 'error' || !this.#settings.nullable) return false;
    const row = into.rowCount;
    this.#add(0, 0, record, into);
    into.column(this.#settings.column).setNull(row);
    return true;
  }

  #read(start: number, end: number, record: number, into: BatchBuilder): boolean {
    const { text, lines } = this.#settings;
    const data = this.#scan.data;
    if (text && !this.#isText(start, end, into)) {
      const shown = firstBytes(data.subarray(start, end));
      this.error = new WeirError('WEIR-3105', `the record is no UTF-8 text; it begins with ${shown}`, {
        hint: "read it with format = 'raw_bytes' and a BYTEA column",
      });
      return false;
    }
    if (!lines) {
      this.#add(start, end, record, into);
      return true;
    }
    while (start < end) {
      let stop = start;
      while (stop < end && data[stop] !== 0x0a) stop += 1;
      this.#add(start, stop > start && data[stop - 1] === 0x0d ? stop - 1 : stop, record, into);
      start = stop + 1;
    }
    return true;
  }

  #isText(start: number, end: number, into: BatchBuilder): boolean {
    const column = into.column(this.#settings.column).column as BytesColumn;
    this.#scan.end = end;
    const after = plainTextEnd(this.#scan, start);
    if (after < 0) return false;
    if (!this.#scan.plain) column.jsonPlain = false;
    return true;
  }

  #add(start: number, end: number, record: number, into: BatchBuilder): void {
    const row = into.rowCount;
    into.reserve(row + 1);
    const column = into.column(this.#settings.column).column as BytesColumn;
    column.starts[row] = start;
    column.ends[row] = end;
    if (!this.#settings.text) column.jsonPlain = false;
    into.recordIndex[row] = record;
    into.rowCount = row + 1;
  }
}
