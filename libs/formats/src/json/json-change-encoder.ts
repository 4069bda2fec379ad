import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { Encoder } from '../encoder.ts';
import type { FormatOptions } from '../format.ts';
import { createJsonEncoder } from './json-encoder.ts';
import { readJsonOptions } from './json-options.ts';

/** What a row says, as Flink shows it; by row kind. */
const symbols: Readonly<Record<number, string>> = {
  [rowKind.insert]: '+I',
  [rowKind.updateBefore]: '-U',
  [rowKind.updateAfter]: '+U',
  [rowKind.delete]: '-D',
};

/**
 * Rows of an updated result for people: JSON objects with what the row says before its columns, `{"op":"+U","id":1}`. Every row is written, old ones too.
 * The field is `op`, with as many `_` before it as it takes to be no column.
 */
export class JsonChangeEncoder implements Encoder {
  readonly #encoder: Encoder;
  readonly #prefixes: readonly Uint8Array[];
  readonly #length: number;
  #kinds: Uint8Array | null = null;

  constructor(schema: Schema, options: FormatOptions) {
    const columns = schema.fields.map((_, index) => index);
    this.#encoder = createJsonEncoder(schema, readJsonOptions(options).options, columns, 'key');
    let name = 'op';
    while (schema.fields.some((field) => field.name === name)) name = `_${name}`;
    const texts = [0, 1, 2, 3].map((kind) => `{${JSON.stringify(name)}:"${symbols[kind]}",`);
    this.#prefixes = texts.map((text) => new TextEncoder().encode(text));
    this.#length = texts[0]?.length ?? 0;
  }

  begin(batch: Batch): void {
    this.#kinds = batch.rowKinds;
    this.#encoder.begin(batch);
  }

  bound(row: number): number {
    return this.#length + this.#encoder.bound(row);
  }

  encode(row: number, target: Uint8Array, at: number): number {
    // The prefix ends where the object's brace stands.
    const end = this.#encoder.encode(row, target, at + this.#length - 1);
    target.set(this.#prefixes[this.#kinds === null ? rowKind.insert : this.#kinds[row]!]!, at);
    return end;
  }
}
