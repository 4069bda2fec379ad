import type { BytesColumn } from '@weir/columnar/column.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Decoder, NullValue, RecordPart } from '../decoder.ts';
import { firstBytes } from '../json/record-problem.ts';
import { ScanBuffer } from '../json/scan-buffer.ts';
import { plainTextEnd } from '../json/scan-string.ts';
import { nullPartError } from '../null-value.ts';

export interface RawSettings {
  /** Index of the one column. */
  readonly column: number;
  /** TEXT: the bytes must be UTF-8. */
  readonly text: boolean;
  readonly part: 'value' | 'key';
  readonly nullValue: NullValue;
  /** Of the column: a tombstone may be a row. */
  readonly nullable: boolean;
}

/** A part of a record as it is: slices of the fetched bytes. */
export class RawDecoder implements Decoder {
  error: WeirError | null = null;
  readonly missing = null;
  nullValues = 0;
  readonly #settings: RawSettings;
  readonly #scan = new ScanBuffer();

  constructor(settings: RawSettings) {
    this.#settings = settings;
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.error = null;
    this.#scan.use(part.data, -1);
    let record = from;
    for (; record < from + count && into.rowCount < into.capacity; record += 1) {
      const start = part.starts[record]!;
      if (start >= 0) {
        if (!this.#read(start, part.ends[record]!, record, into)) break;
      } else if (this.#settings.nullValue === 'skip') this.nullValues += 1;
      else {
        if (!this.#mayBeNull(into)) break;
        this.#add(0, 0, record, into);
        into.column(this.#settings.column).setNull(into.rowCount - 1);
      }
    }
    (into.column(this.#settings.column).column as BytesColumn).data = part.data;
    return record - from;
  }

  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    this.error = null;
    this.#scan.use(part.data, -1);
    let row = fromRow;
    for (; row < toRow; row += 1) {
      const record = into.recordIndex[row]!;
      const start = part.starts[record]!;
      const end = start < 0 ? 0 : part.ends[record]!;
      if (start < 0 && !this.#mayBeNull(into)) break;
      if (start >= 0 && !this.#check(start, end, into)) break;
      this.#put(row, Math.max(0, start), end, into);
      if (start < 0) into.column(this.#settings.column).setNull(row);
    }
    (into.column(this.#settings.column).column as BytesColumn).data = part.data;
    return row - fromRow;
  }

  /** May the column be NULL in a row of a record without this part? */
  #mayBeNull(into: BatchBuilder): boolean {
    const { part, nullValue, nullable, column } = this.#settings;
    if (nullValue === 'row' && nullable) return true;
    this.error = nullPartError(part, nullValue === 'row' ? into.schema.fields[column]?.name : undefined);
    return false;
  }

  #read(start: number, end: number, record: number, into: BatchBuilder): boolean {
    if (!this.#check(start, end, into)) return false;
    this.#add(start, end, record, into);
    return true;
  }

  /** Is it what the column takes? */
  #check(start: number, end: number, into: BatchBuilder): boolean {
    if (!this.#settings.text || this.#isText(start, end, into)) return true;
    const shown = firstBytes(this.#scan.data.subarray(start, end));
    const what = this.#settings.part === 'key' ? "the record's key" : 'the record';
    this.error = new WeirError('WEIR-3105', `${what} is no UTF-8 text; it begins with ${shown}`, {
      hint: "read it with format = 'raw_bytes' and a BYTEA column",
    });
    return false;
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
    this.#put(row, start, end, into);
    into.recordIndex[row] = record;
    into.rowCount = row + 1;
  }

  #put(row: number, start: number, end: number, into: BatchBuilder): void {
    const column = into.column(this.#settings.column).column as BytesColumn;
    column.starts[row] = start;
    column.ends[row] = end;
    if (!this.#settings.text) column.jsonPlain = false;
  }
}
