import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { BytesColumn } from '@weir/columnar/column.ts';
import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { noRecord, tombstone, type Encoder, type EncoderSettings } from '../encoder.ts';

/** The bytes of one TEXT or BYTEA column are the value or the key of a record; a NULL key is none. */
export class RawEncoder implements Encoder {
  readonly #index: number;
  readonly #name: string;
  readonly #part: 'value' | 'key';
  /** A NULL is a record without this part, rather than an error. */
  readonly #nullable: boolean;
  #column: BytesColumn | null = null;
  #kinds: Uint8Array | null = null;

  constructor(index: number, name: string, { part, nullValue }: EncoderSettings) {
    this.#index = index;
    this.#name = name;
    this.#part = part;
    this.#nullable = part === 'key' || nullValue === 'tombstone';
  }

  begin(batch: Batch): void {
    const column = batch.columns[this.#index];
    assert(column?.kind === 'bytes', 'the column of a raw format holds bytes');
    this.#column = column;
    this.#kinds = this.#part === 'key' ? null : batch.rowKinds;
  }

  bound(row: number): number {
    const column = this.#bound();
    return column.nulls !== null && column.nulls[row] === 1 ? 0 : column.ends[row]! - column.starts[row]!;
  }

  encode(row: number, target: Uint8Array, at: number): number {
    const column = this.#bound();
    const kind = this.#kinds === null ? rowKind.insert : this.#kinds[row];
    if (kind === rowKind.updateBefore) return noRecord;
    if (kind === rowKind.delete) return tombstone;
    if (column.nulls !== null && column.nulls[row] === 1) {
      if (this.#nullable) return tombstone;
      throw new WeirError('WEIR-3110', `column ${this.#name} is NULL, which a raw value can't say`, {
        hint: `filter such rows out or use COALESCE(${this.#name}, '')`,
      });
    }
    const start = column.starts[row]!;
    const end = column.ends[row]!;
    target.set(column.data.subarray(start, end), at);
    return at + end - start;
  }

  #bound(): BytesColumn {
    assert(this.#column !== null, 'begin was called');
    return this.#column;
  }
}
