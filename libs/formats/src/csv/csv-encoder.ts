import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { noRecord, tombstone, type Encoder, type EncoderSettings } from '../encoder.ts';
import { encodeBase64 } from '../json/base64.ts';
import { JsonValueText } from '../json/json-value-text.ts';
import type { CsvSigns } from './csv-options.ts';

/** Rows as fields by RFC 4180, without a line end: NULL is nothing, an empty text is two quotes. */
export class CsvEncoder implements Encoder {
  readonly #part: 'value' | 'key';
  readonly #texts: readonly JsonValueText[];
  readonly #isBytes: readonly boolean[];
  readonly #signs: CsvSigns;
  #kinds: Uint8Array | null = null;
  #buffer: Uint8Array = new Uint8Array(1024);
  #length = 0;
  /** The row that the buffer holds. */
  #row = -1;

  constructor(schema: Schema, columns: readonly number[], settings: EncoderSettings, signs: CsvSigns) {
    this.#part = settings.part;
    this.#texts = columns.map((column) => new JsonValueText(schema, column, {}));
    this.#isBytes = columns.map((column) => schema.fields[column]!.type.kind === 'bytes');
    this.#signs = signs;
  }

  begin(batch: Batch): void {
    this.#kinds = this.#part === 'key' ? null : batch.rowKinds;
    this.#row = -1;
    for (const text of this.#texts) text.begin(batch);
  }

  bound(row: number): number {
    this.#make(row);
    return this.#length;
  }

  encode(row: number, target: Uint8Array, at: number): number {
    const kind = this.#kinds === null ? rowKind.insert : this.#kinds[row];
    if (kind === rowKind.updateBefore) return noRecord;
    if (kind === rowKind.delete) return tombstone;
    this.#make(row);
    target.set(this.#buffer.subarray(0, this.#length), at);
    return at + this.#length;
  }

  #make(row: number): void {
    if (row === this.#row) return;
    this.#length = 0;
    for (let index = 0; index < this.#texts.length; index += 1) {
      const text = this.#texts[index]!;
      if (index > 0) this.#append(this.#signs.delimiter);
      if (!text.take(row)) continue;
      const { data, start, end } = text;
      if (this.#isBytes[index]!) this.#base64(data, start, end);
      else this.#field(data, start, end);
    }
    this.#row = row;
  }

  #field(data: Uint8Array, start: number, end: number): void {
    if (!this.#needsQuotes(data, start, end)) {
      this.#reserve(end - start);
      this.#buffer.set(data.subarray(start, end), this.#length);
      this.#length += end - start;
      return;
    }
    const { quote } = this.#signs;
    this.#reserve((end - start) * 2 + 2);
    this.#append(quote);
    for (let p = start; p < end; p += 1) {
      const byte = data[p]!;
      if (byte === quote) this.#append(quote);
      this.#append(byte);
    }
    this.#append(quote);
  }

  #needsQuotes(data: Uint8Array, start: number, end: number): boolean {
    if (start === end) return true;
    const { delimiter, quote } = this.#signs;
    for (let p = start; p < end; p += 1) {
      const byte = data[p]!;
      if (byte === delimiter || byte === quote || byte === 10 || byte === 13) return true;
    }
    return false;
  }

  #base64(data: Uint8Array, start: number, end: number): void {
    const { delimiter, quote } = this.#signs;
    this.#reserve(Math.ceil((end - start) / 3) * 4 + 2);
    const from = this.#length;
    const after = encodeBase64(data, start, end, this.#buffer, from + 1);
    const quoted = start === end || this.#buffer.subarray(from + 1, after).includes(delimiter);
    if (quoted) {
      this.#buffer[from] = quote;
      this.#buffer[after] = quote;
      this.#length = after + 1;
      return;
    }
    this.#buffer.copyWithin(from, from + 1, after);
    this.#length = after - 1;
  }

  #append(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = byte;
    this.#length += 1;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
