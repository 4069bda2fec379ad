import type { Batch } from '@weir/columnar/batch.ts';
import type { BytesColumn } from '@weir/columnar/column.ts';
import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Encoder } from '../format.ts';

/** The bytes of one TEXT or BYTEA column are the record's value. */
export class RawEncoder implements Encoder {
  readonly #index: number;
  readonly #name: string;
  #column: BytesColumn | null = null;

  constructor(index: number, name: string) {
    this.#index = index;
    this.#name = name;
  }

  begin(batch: Batch): void {
    const column = batch.columns[this.#index];
    assert(column?.kind === 'bytes', 'the column of a raw format holds bytes');
    this.#column = column;
  }

  bound(row: number): number {
    const column = this.#bound();
    return column.nulls !== null && column.nulls[row] === 1 ? 0 : column.ends[row]! - column.starts[row]!;
  }

  encode(row: number, target: Uint8Array, at: number): number {
    const column = this.#bound();
    if (column.nulls !== null && column.nulls[row] === 1) {
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
