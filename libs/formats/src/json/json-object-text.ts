import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { Encoder } from '../encoder.ts';
import type { FormatOptions } from '../format.ts';
import { createJsonEncoder } from './json-encoder.ts';
import { readJsonOptions } from './json-options.ts';

/** Some columns of rows as a JSON object: a record's key of several columns. As JsonValueText, but never NULL. */
export class JsonObjectText {
  /** The last object taken; valid until the next `take`. */
  data: Uint8Array = new Uint8Array(256);
  readonly start = 0;
  end = 0;
  readonly #encoder: Encoder;

  constructor(schema: Schema, columns: readonly number[], options: FormatOptions) {
    this.#encoder = createJsonEncoder(schema, readJsonOptions(options).options, columns, 'key');
  }

  begin(batch: Batch): void {
    this.#encoder.begin(batch);
  }

  /** @throws WeirError WEIR-3110 when JSON has no form for a value */
  take(row: number): boolean {
    const bound = this.#encoder.bound(row);
    if (this.data.length < bound) this.data = new Uint8Array(bound * 2);
    this.end = this.#encoder.encode(row, this.data, 0);
    return true;
  }
}
