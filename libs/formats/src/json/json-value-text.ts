import type { Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import type { Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { Encoder } from '../encoder.ts';
import type { FormatOptions } from '../format.ts';
import { createJsonEncoder } from './json-encoder.ts';
import { readJsonOptions } from './json-options.ts';

/**
 * The text of one column's values as the JSON format writes them, without the quotes that dates, times and other scalars stand in: what
 * a record's key holds. TEXT and BYTEA are the bytes themselves. Nothing is allocated per row.
 */
export class JsonValueText {
  /** The last value taken; valid until the next `take`. */
  data: Uint8Array = new Uint8Array(256);
  start = 0;
  end = 0;
  readonly #index: number;
  readonly #quotes: boolean;
  readonly #encoder: Encoder | null;
  #buffer: Uint8Array = this.data;
  #column: Column | null = null;

  constructor(schema: Schema, column: number, options: FormatOptions) {
    const type = schema.fields[column]?.type;
    assert(type !== undefined, 'the column is one of the schema');
    this.#index = column;
    this.#quotes = type.kind !== 'json';
    this.#encoder = isBytes(type)
      ? null
      : createJsonEncoder(
          schema,
          { ...readJsonOptions(options).options, unstructured: true },
          [column],
          'key',
        );
  }

  begin(batch: Batch): void {
    const column = batch.columns[this.#index];
    assert(column !== undefined, 'the column is one of the batch');
    this.#column = column;
    this.#encoder?.begin(batch);
  }

  /**
   * Puts the text of a row's value into `data` from `start` to `end`.
   * @returns false when it is NULL
   * @throws WeirError WEIR-3110 when JSON has no form for it
   */
  take(row: number): boolean {
    const column = this.#column;
    assert(column !== null, 'begin was called');
    if (column.nulls !== null && column.nulls[row] === 1) return false;
    if (this.#encoder === null) {
      assert(column.kind === 'bytes', 'TEXT and BYTEA are bytes');
      this.data = column.data;
      this.start = column.starts[row]!;
      this.end = column.ends[row]!;
      return true;
    }
    const bound = this.#encoder.bound(row);
    if (this.#buffer.length < bound) this.#buffer = new Uint8Array(bound * 2);
    this.data = this.#buffer;
    const end = this.#encoder.encode(row, this.data, 0);
    const quoted = this.#quotes && this.data[0] === 0x22;
    this.start = quoted ? 1 : 0;
    this.end = quoted ? end - 1 : end;
    return true;
  }
}

function isBytes(type: SqlType): boolean {
  return type.kind === 'text' || type.kind === 'bytes';
}
