import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { RowFields } from '@weir/state/rows/row-fields.ts';
import { maxBatchRows } from '../operator.ts';

/** Reads pairs of records, one of each side of a join, into batches that it uses again: what `read` returns is valid until its next call. */
export class PairReader {
  readonly #builder: BatchBuilder;
  readonly #places: readonly number[];
  readonly #leftWidth: number;

  /** `places`: of each column of `schema` in the left side's columns followed by the right side's. */
  constructor(schema: Schema, places: readonly number[], leftWidth: number) {
    this.#builder = new BatchBuilder(schema, maxBatchRows);
    this.#places = places;
    this.#leftWidth = leftWidth;
  }

  /** Pairs of records [0, count); a slot of -1 stands for NULL in all columns of its side. */
  read(
    left: RowFields,
    right: RowFields,
    leftSlots: Int32Array,
    rightSlots: Int32Array,
    count: number,
  ): Batch {
    const builder = this.#builder;
    builder.reset();
    for (let column = 0; column < this.#places.length; column += 1) {
      const place = this.#places[column]!;
      const into = builder.column(column);
      if (place < this.#leftWidth) left.read(place, leftSlots, count, into);
      else right.read(place - this.#leftWidth, rightSlots, count, into);
    }
    builder.rowCount = count;
    return builder.batch();
  }
}
