import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { AvroProblem } from './avro/avro-cursor.ts';
import { NoRoom, ownTextsOf, type OwnText } from './avro/own-text.ts';
import { CompiledReader, type RowReaders } from './compiled-reader.ts';
import type { Decoder, DecoderSettings, NullValue, RecordPart } from './decoder.ts';
import { firstBytes } from './json/record-problem.ts';
import { nullPartError } from './null-value.ts';
import { ReaderCache } from './reader-cache.ts';
import type { RecordCursor } from './record-cursor.ts';
import type { SchemaIdentity, WriterSchema } from './writer-schemas.ts';

/** How a part says what it was written with. */
export interface RecordFrame {
  /** What `read` found, while `error` is null. */
  readonly identity: SchemaIdentity;
  /** Bytes before the value. */
  readonly prefix: number;
  readonly error: WeirError | null;
  /** False: `error` says why not. */
  read(part: RecordPart, record: number): boolean;
  /** Whether a record says the same as the one read last: the common case, cheaply. */
  isSame(part: RecordPart, record: number): boolean;
  /** What readers are kept by: a schema, and what else the frame says. */
  readerKey(schema: WriterSchema): string;
}

/** A binary format, whose records are read by readers made for the schema that each was written with. */
export interface CompiledFormat<Cursor extends RecordCursor> {
  readonly cursor: Cursor;
  /** Null: records name no schema, all were written with one. */
  readonly frame: RecordFrame | null;
  /** What to do about a record that can't be read. */
  readonly hint: string;
  /**
   * @param schema null where records name none
   * @throws WeirError for one that can't be read; it is then an error of each record of that schema
   */
  readersFor(
    schema: WriterSchema | null,
    builders: readonly ColumnBuilder[],
    own: ReadonlyMap<ColumnBuilder, OwnText>,
  ): RowReaders<Cursor>;
}

/** The key of the one schema of records that name none; those of a registry have others. */
const onlySchema = '';

/** Records of a binary format into columns: those that name their schema, or all of one schema. */
export class CompiledDecoder<Cursor extends RecordCursor> implements Decoder {
  error: WeirError | null = null;
  missing: SchemaIdentity | null = null;
  nullValues = 0;
  readonly #columns: readonly number[];
  readonly #format: CompiledFormat<Cursor>;
  readonly #settings: DecoderSettings;
  readonly #nullValue: NullValue;
  readonly #notNull: string | undefined;
  readonly #frame: RecordFrame | null;
  readonly #cursor: Cursor;
  readonly #readers = new ReaderCache<CompiledReader<Cursor>>();
  #into: BatchBuilder | null = null;
  /** The batch takes no more text: whoever has it emits it, and goes on at the record that had no room. */
  #full = false;
  #builders: readonly ColumnBuilder[] = [];
  #texts: ReadonlyMap<ColumnBuilder, OwnText> = new Map();

  constructor(schema: Schema, settings: DecoderSettings, format: CompiledFormat<Cursor>) {
    this.#columns = settings.columns ?? schema.fields.map((_, index) => index);
    const fields = this.#columns.map((index) => schema.fields[index]!);
    this.#settings = settings;
    this.#format = format;
    this.#cursor = format.cursor;
    this.#frame = format.frame;
    this.#nullValue = settings.part === 'key' ? 'row' : (settings.nullValue ?? 'error');
    this.#notNull = fields.find((field) => !field.nullable && field.type.kind !== 'null')?.name;
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.#beginCall(part, into, into.rowCount);
    const to = from + count;
    let record = from;
    while (record < to && into.rowCount < into.capacity && this.error === null && !this.#full) {
      if (part.starts[record]! < 0) {
        if (this.#nullValue === 'skip') this.nullValues += 1;
        else if (this.#setNull(into.rowCount)) addRow(into, record);
        else break;
        record += 1;
        continue;
      }
      const reader = this.#readerFor(part, record);
      if (reader === null) break;
      const stop = this.#sameUntil(part, record, Math.min(to, record + into.capacity - into.rowCount));
      record = this.#readGroup(reader, part, record, stop, into);
    }
    this.#endCall(part.data);
    return record - from;
  }

  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    this.#beginCall(part, into, fromRow);
    let row = fromRow;
    for (; row < toRow; row += 1) {
      const record = into.recordIndex[row]!;
      if (part.starts[record]! < 0) {
        if (!this.#setNull(row)) break;
        continue;
      }
      const reader = this.#readerFor(part, record);
      if (reader === null) break;
      reader.begin(part.data, row);
      if (!this.#readOne(reader, part, record, row, false)) break;
      reader.end(part.data, row, row + 1);
    }
    this.#endCall(part.data);
    return row - fromRow;
  }

  #beginCall(part: RecordPart, into: BatchBuilder, rows: number): void {
    this.error = null;
    this.missing = null;
    this.#full = false;
    if (into !== this.#into) this.#bind(into);
    this.#cursor.use(part.data);
    if (rows > 0) return;
    for (const text of this.#texts.values()) text.beginBatch();
  }

  #endCall(data: Uint8Array): void {
    for (const text of this.#texts.values()) text.endCall(data);
  }

  #bind(into: BatchBuilder): void {
    this.#into = into;
    this.#builders = this.#columns.map((index) => into.column(index));
    this.#texts = ownTextsOf(this.#builders);
    this.#readers.clear();
  }

  /** The reader for a record; null: `error` or `missing` says why there is none. */
  #readerFor(part: RecordPart, record: number): CompiledReader<Cursor> | null {
    let reader: CompiledReader<Cursor> | WeirError;
    if (this.#frame === null) {
      reader = this.#readers.get(onlySchema, () => this.#compile(null));
    } else {
      const schema = this.#schemaFor(this.#frame, part, record);
      if (schema === null) return null;
      reader = this.#readers.get(this.#frame.readerKey(schema), () => this.#compile(schema));
    }
    if (reader instanceof CompiledReader) return reader;
    this.error = this.#frame === null ? reader : about(this.#frame.identity, reader);
    return null;
  }

  #schemaFor(frame: RecordFrame, part: RecordPart, record: number): WriterSchema | null {
    const { writers } = this.#settings;
    if (!frame.read(part, record)) {
      this.error = frame.error;
      return null;
    }
    const { identity } = frame;
    const schema = writers?.get(identity);
    if (schema !== undefined) return schema;
    this.error = writers?.refused(identity) ?? null;
    if (this.error === null) this.missing = identity;
    return null;
  }

  #compile(schema: WriterSchema | null): CompiledReader<Cursor> {
    const readers = this.#format.readersFor(schema, this.#builders, this.#texts);
    return new CompiledReader(readers, this.#builders, this.#texts);
  }

  /** The first record behind `record`, or `to`, that may not be of the same schema, or has no such part. */
  #sameUntil(part: RecordPart, record: number, to: number): number {
    let next = record + 1;
    if (this.#frame === null) while (next < to && part.starts[next]! >= 0) next += 1;
    else while (next < to && this.#frame.isSame(part, next)) next += 1;
    return next;
  }

  /** Reads records of one schema. @returns the first one not read: `error` says why */
  #readGroup(
    reader: CompiledReader<Cursor>,
    part: RecordPart,
    from: number,
    to: number,
    into: BatchBuilder,
  ): number {
    const firstRow = into.rowCount;
    const prefix = this.#frame?.prefix ?? 0;
    reader.begin(part.data, firstRow);
    let record = from;
    while (record < to) {
      this.#cursor.use(part.data);
      record = reader.run(this.#cursor, part.starts, part.ends, prefix, record, to, into);
      if (record === to) break;
      reader.undo(into.rowCount);
      if (!this.#readOne(reader, part, record, into.rowCount, true)) break;
      addRow(into, record);
      record += 1;
    }
    reader.end(part.data, firstRow, into.rowCount);
    return record;
  }

  /**
   * One record, by the readers that explain. False: `error` says why; nothing is left of it.
   * @param mayEnd whether the batch may end before it: no error then where it has no room
   */
  #readOne(
    reader: CompiledReader<Cursor>,
    part: RecordPart,
    record: number,
    row: number,
    mayEnd: boolean,
  ): boolean {
    const cursor = this.#cursor;
    const start = part.starts[record]! + (this.#frame?.prefix ?? 0);
    const end = part.ends[record]!;
    for (const text of reader.made) text.mark = text.length;
    cursor.use(part.data);
    cursor.begin(start, end);
    try {
      reader.read(cursor, row);
      return true;
    } catch (problem) {
      if (!(problem instanceof AvroProblem)) throw problem;
      this.#full = mayEnd && row > 0 && problem instanceof NoRoom;
      const inRecord = cursor.data === part.data ? problem.at - start : 0;
      if (!this.#full) this.error = this.#problem(problem, inRecord, part.data.subarray(start, end));
      cursor.use(part.data);
      reader.undo(row);
      for (const text of reader.made) text.length = text.mark;
      return false;
    }
  }

  #problem(problem: AvroProblem, at: number, record: Uint8Array): WeirError {
    const field = this.#cursor.where === '' ? '' : `${this.#cursor.where}: `;
    const schema = this.#frame === null ? '' : ` (schema ${named(this.#frame.identity)})`;
    return new WeirError(
      'WEIR-3102',
      `${field}${problem.message}, at byte ${at} of ${record.length}${schema}; the record begins with ${firstBytes(record)}`,
      { hint: problem.hint ?? this.#format.hint },
    );
  }

  /** The columns of a record without this part are NULL, if that is asked for and can be. False: `error` says why not. */
  #setNull(row: number): boolean {
    if (this.#nullValue !== 'row' || this.#notNull !== undefined) {
      this.error = nullPartError(this.#settings.part, this.#nullValue === 'row' ? this.#notNull : undefined);
      return false;
    }
    for (const builder of this.#builders) builder.setNull(row);
    return true;
  }
}

function addRow(into: BatchBuilder, record: number): void {
  into.recordIndex[into.rowCount] = record;
  into.rowCount += 1;
}

function about(identity: SchemaIdentity, error: WeirError): WeirError {
  const message = `a record was written with schema ${named(identity)}: ${error.message}`;
  return new WeirError(error.code, message, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

function named(identity: SchemaIdentity): string {
  return 'id' in identity ? String(identity.id) : identity.guid;
}
