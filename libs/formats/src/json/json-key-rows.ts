import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import { partWithoutHeaders, plainRecordPart, type RecordPart } from '../decoder.ts';
import type { FormatOptions } from '../format.ts';
import { JsonDecoder } from './json-decoder.ts';
import { readJsonOptions } from './json-options.ts';

const utf8 = new TextEncoder();

/**
 * The columns of a PRIMARY KEY out of records' keys as an upsert table has them: of one column the text that its JSON value has, of several a JSON object. The
 * other way round of JsonValueText and JsonObjectText.
 */
export class JsonKeyRows {
  error: WeirError | null = null;
  readonly missing = null;
  readonly #columns: readonly number[];
  readonly #decoder: JsonDecoder;
  /** One TEXT or BYTEA: the key's bytes are the value. */
  readonly #isBytes: boolean;
  /** One other column: what makes its text an object. */
  readonly #around: { readonly before: Uint8Array; readonly after: Uint8Array } | null;
  #made: Uint8Array = new Uint8Array(0);

  constructor(schema: Schema, columns: readonly number[], options: FormatOptions) {
    this.#columns = columns;
    const json = readJsonOptions(options).options;
    this.#decoder = new JsonDecoder(schema, json, { ...plainRecordPart, part: 'key', columns });
    const [first, ...others] = columns.map((column) => present(schema.fields[column], 'key column'));
    const kind = others.length === 0 ? first?.type.kind : undefined;
    this.#isBytes = kind === 'text' || kind === 'bytes';
    const single = first !== undefined && others.length === 0 && !this.#isBytes;
    const quote = single && isQuoted(first.type, json.timestampFormat.startsWith('unix')) ? '"' : '';
    this.#around = single
      ? {
          before: utf8.encode(`{${JSON.stringify(first.name)}:${quote}`),
          after: utf8.encode(`${quote}}`),
        }
      : null;
  }

  /** Fills the key's columns of rows fromRow .. toRow-1, whose records have a key each. @returns rows filled; `error` is about the next */
  decodeRows(key: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    this.error = null;
    if (this.#isBytes) return this.#takeBytes(key, into, fromRow, toRow);
    const part = this.#around === null ? key : this.#objects(key, this.#around, into, fromRow, toRow);
    const filled = this.#decoder.decodeRows(part, into, fromRow, toRow);
    this.error = this.#decoder.error;
    return filled;
  }

  #takeBytes(key: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    const { column } = into.column(this.#columns[0]!);
    assert(column.kind === 'bytes', 'TEXT and BYTEA are bytes');
    column.data = key.data;
    column.jsonPlain = false;
    for (let row = fromRow; row < toRow; row += 1) {
      const record = into.recordIndex[row]!;
      column.starts[row] = key.starts[record]!;
      column.ends[row] = key.ends[record]!;
    }
    return toRow - fromRow;
  }

  /** The keys as objects of one field, by the same record numbers. */
  #objects(
    { data, starts, ends }: RecordPart,
    { before, after }: { readonly before: Uint8Array; readonly after: Uint8Array },
    into: BatchBuilder,
    fromRow: number,
    toRow: number,
  ): RecordPart {
    const records = into.recordIndex;
    const last = records[toRow - 1]! + 1;
    const [madeStarts, madeEnds] = [new Int32Array(last), new Int32Array(last)];
    let bytes = 0;
    for (let row = fromRow; row < toRow; row += 1)
      bytes += ends[records[row]!]! - starts[records[row]!]! + before.length + after.length;
    if (this.#made.length < bytes) this.#made = new Uint8Array(2 * bytes);
    let at = 0;
    for (let row = fromRow; row < toRow; row += 1) {
      const record = records[row]!;
      madeStarts[record] = at;
      this.#made.set(before, at);
      at += before.length;
      this.#made.set(data.subarray(starts[record]!, ends[record]!), at);
      at += ends[record]! - starts[record]!;
      this.#made.set(after, at);
      at += after.length;
      madeEnds[record] = at;
    }
    return partWithoutHeaders(this.#made, madeStarts, madeEnds);
  }
}

/** Whether the JSON value of a type stands in quotes. */
function isQuoted(type: SqlType, unixTimes: boolean): boolean {
  const isPlain = ['integer', 'float', 'decimal', 'boolean'].includes(type.kind);
  return !isPlain && !(type.kind === 'timestamp' && unixTimes);
}
