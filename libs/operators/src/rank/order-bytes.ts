import type { Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { SortOrder } from '@weir/plan/nodes/sort-order.ts';
import { SortEncoder, type SortColumn } from '@weir/state/sort-encoding.ts';

const bytesType: SqlType = { kind: 'bytes' };

/** The field of a record that holds its order. */
export const orderField: Field = { name: '$sort', type: bytesType, nullable: false };

/** Bytes behind the order's: two hashes of the whole row, by which rows of one order are told apart. */
export const tieBytes = 8;

/** Orders of rows as bytes, which are compared byte by byte. */
export class OrderBytes {
  readonly #order: readonly SortOrder[];
  readonly #encoder = new SortEncoder();
  readonly #builder = new ColumnBuilder(bytesType, 1024);
  readonly #all: readonly number[];
  readonly #reversed: readonly number[];
  #bytes = new Uint8Array(1024);
  #hashes: readonly [Int32Array, Int32Array] = [new Int32Array(0), new Int32Array(0)];

  constructor(order: readonly SortOrder[], width: number) {
    this.#order = order;
    this.#all = Array.from({ length: width }, (_, index) => index);
    this.#reversed = this.#all.toReversed();
  }

  /** A column that holds the order of each row; valid until the next call. */
  column(batch: Batch): Column {
    const { rowCount } = batch;
    if (this.#hashes[0].length < rowCount)
      this.#hashes = [new Int32Array(rowCount), new Int32Array(rowCount)];
    hashKeys(batch, this.#all, this.#hashes[0]);
    hashKeys(batch, this.#reversed, this.#hashes[1]);
    const columns = this.#order.map(({ column, descending, nullsFirst }): SortColumn => ({
      column: present(batch.columns[column], 'a column of the order'),
      descending,
      nullsFirst,
    }));
    const builder = this.#builder;
    builder.reset();
    builder.reserve(rowCount);
    const into = builder.column;
    assert(into.kind === 'bytes', 'an order is bytes');
    let used = 0;
    for (let row = 0; row < rowCount; row += 1) {
      const length = this.#encoder.encode(columns, row);
      if (used + length + tieBytes > this.#bytes.length) this.#grow(used + length + tieBytes);
      this.#bytes.set(this.#encoder.bytes.subarray(0, length), used);
      const tie = used + length;
      this.#writeHash(tie, this.#hashes[0][row]!);
      this.#writeHash(tie + 4, this.#hashes[1][row]!);
      into.starts[row] = used;
      into.ends[row] = tie + tieBytes;
      used = tie + tieBytes;
    }
    into.data = this.#bytes;
    builder.finish(rowCount);
    return into;
  }

  #writeHash(at: number, hash: number): void {
    for (let index = 0; index < 4; index += 1) this.#bytes[at + index] = (hash >>> (8 * index)) & 0xff;
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.max(least, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
