import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { setData, writePlainValue } from '@weir/columnar/row-view.ts';
import type { Field, Schema } from '@weir/columnar/sql-type.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import type { Decoder, DecoderSettings, NullValue, RecordPart } from '../decoder.ts';
import { nullPartError } from '../null-value.ts';
import { SpeculativeReader } from './speculative-reader.ts';
import type { JsonOptions } from './json-options.ts';
import { makeFieldsReader, makeReader } from './make-reader.ts';
import type { FieldsReader } from './object-reader.ts';
import { readPlainRow } from './plain-json.ts';
import { recordProblem } from './record-problem.ts';
import { ScanBuffer } from './scan-buffer.ts';
import { afterByteOrderMark, skipSpace } from './scan-value.ts';
import { SlackCopy } from './slack-copy.ts';
import type { ValueReader } from './value-reader.ts';

/**
 * Records of JSON into columns, in three steps, each taken only where the one before it gives up:
 * 1. code generated for the order of fields, and the white space, seen last (SpeculativeReader);
 * 2. readers for any order (FieldsReader);
 * 3. a plain parser, which reads what 2 doesn't cover (a field that stands twice) and explains what is wrong with the rest.
 */
export class JsonDecoder implements Decoder {
  error: WeirError | null = null;
  readonly missing = null;
  nullValues = 0;
  readonly #fields: readonly Field[];
  readonly #columns: readonly number[];
  readonly #options: JsonOptions;
  readonly #part: 'value' | 'key';
  readonly #nullValue: NullValue;
  /** A column that is NOT NULL: a record without the part can't be a row. */
  readonly #notNull: string | undefined;
  readonly #scan = new ScanBuffer();
  readonly #copy = new SlackCopy();
  #into: BatchBuilder | null = null;
  #builders: readonly ColumnBuilder[] = [];
  #reader: FieldsReader | null = null;
  #whole: ValueReader | null = null;
  #fast: SpeculativeReader | null = null;

  constructor(schema: Schema, options: JsonOptions, settings: DecoderSettings) {
    this.#columns = settings.columns ?? schema.fields.map((_, index) => index);
    this.#fields = this.#columns.map((index) => schema.fields[index]!);
    this.#options = options;
    this.#part = settings.part;
    this.#nullValue = settings.part === 'key' ? 'row' : (settings.nullValue ?? 'error');
    this.#notNull = this.#fields.find((field) => !field.nullable && field.type.kind !== 'null')?.name;
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    const { data, starts, ends } = part;
    this.error = null;
    if (into !== this.#into) this.#bind(into);
    const rows = Math.min(count, into.capacity - into.rowCount);
    if (!this.#copy.startCall(data, starts, ends, from, from + rows, into.rowCount)) return 0;
    this.#useBuffer(data);
    const end = this.#decodeRange(starts, ends, from, from + rows, into);
    this.#endCall();
    return end - from;
  }

  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    const { data, starts, ends } = part;
    const records = into.recordIndex;
    this.error = null;
    if (fromRow === toRow) return 0;
    if (into !== this.#into) this.#bind(into);
    if (!this.#copy.startCall(data, starts, ends, records[fromRow]!, records[toRow - 1]! + 1, fromRow))
      return 0;
    this.#useBuffer(data);
    let row = fromRow;
    for (; row < toRow; row += 1) {
      const start = starts[records[row]!]!;
      if (start < 0 ? !this.#setNull(row) : !this.#readSlow(start, ends[records[row]!]!, row)) break;
    }
    this.#endCall();
    return row - fromRow;
  }

  #endCall(): void {
    this.#copy.tail = this.#scan.tail;
    for (const builder of this.#builders) setData(builder, this.#scan.data);
  }

  #bind(into: BatchBuilder): void {
    this.#into = into;
    this.#builders = this.#columns.map((index) => into.column(index));
    if (this.#options.unstructured) {
      this.#whole = makeReader(this.#builders[0]!, this.#fields[0]!, this.#options, 0);
      return;
    }
    this.#reader = makeFieldsReader(this.#builders, this.#fields, this.#options, 1);
    this.#fast = new SpeculativeReader(this.#fields, this.#builders, this.#options);
  }

  #useBuffer(data: Uint8Array): void {
    const copy = this.#copy;
    this.#scan.use(copy.active ? copy.buffer : data, copy.active ? copy.tail : -1);
  }

  /** Returns the first record that was not consumed; `error` says why it wasn't, if not for want of room. */
  #decodeRange(starts: Int32Array, ends: Int32Array, from: number, to: number, into: BatchBuilder): number {
    const scan = this.#scan;
    const fast = this.#fast;
    let record = from;
    while (record < to) {
      if (fast !== null && fast.ready) {
        const next = fast.run(scan, starts, ends, this.#copy.shift, record, to, into);
        into.rowCount += next - record;
        record = next;
        if (record >= to) break;
      }
      const start = starts[record]!;
      if (start < 0 && this.#nullValue === 'skip') {
        this.nullValues += 1;
        record += 1;
        continue;
      }
      const row = into.rowCount;
      if (start < 0 ? !this.#setNull(row) : !this.#readSlow(start, ends[record]!, row)) break;
      into.recordIndex[row] = record;
      into.rowCount = row + 1;
      record += 1;
    }
    return record;
  }

  /** The columns of a record without this part are NULL, if that is asked for and can be. False: `error` says why not. */
  #setNull(row: number): boolean {
    if (this.#nullValue !== 'row' || this.#notNull !== undefined) {
      this.error = nullPartError(this.#part, this.#nullValue === 'row' ? this.#notNull : undefined);
      return false;
    }
    this.#undo(row);
    for (const builder of this.#builders) builder.setNull(row);
    return true;
  }

  /** Steps 2 and 3, into this row. False: `error` says why. */
  #readSlow(start: number, end: number, row: number): boolean {
    const scan = this.#scan;
    const tail = scan.tail;
    scan.needsSlack = false;
    scan.end = end - this.#copy.shift;
    this.#undo(row);
    if (this.#readRecord(start - this.#copy.shift, row)) {
      this.#fast?.sawSlow(scan, start - this.#copy.shift);
      return true;
    }
    this.#undo(row);
    if (scan.needsSlack) {
      this.#copy.make(this.#builders, row);
      this.#useBuffer(scan.data);
      return this.#readSlow(start, end, row);
    }
    scan.tail = tail;
    return this.#readPlain(start, end, row);
  }

  #undo(row: number): void {
    for (const builder of this.#builders) builder.undo(row, row + 1);
  }

  #readRecord(start: number, row: number): boolean {
    const scan = this.#scan;
    const p = skipSpace(scan.data, afterByteOrderMark(scan.data, start, scan.end), scan.end);
    const after = this.#whole === null ? this.#reader!.read(scan, p, row) : this.#whole.read(scan, p, row);
    return after >= 0 && skipSpace(scan.data, after, scan.end) === scan.end;
  }

  #readPlain(start: number, end: number, row: number): boolean {
    const copy = this.#copy;
    const scan = this.#scan;
    const bytes = scan.data.subarray(start - copy.shift, end - copy.shift);
    try {
      const values = readPlainRow(bytes, this.#fields, this.#options);
      if (!copy.active) {
        copy.make(this.#builders, row);
        this.#useBuffer(scan.data);
      }
      const sink = (text: Uint8Array): number => {
        scan.data.set(text, scan.tail);
        scan.tail += text.length;
        return scan.tail - text.length;
      };
      values.forEach((value, index) => writePlainValue(this.#builders[index]!, row, value, sink));
      return true;
    } catch (problem) {
      this.#undo(row);
      this.error = recordProblem(problem, bytes, this.#fields);
      return false;
    }
  }
}
