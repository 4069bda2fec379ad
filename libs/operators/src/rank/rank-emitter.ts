import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { RowFields } from '@weir/state/rows/row-fields.ts';
import { maxBatchRows, type Output } from '../operator.ts';

/** Emits records with their rank behind their columns, where that is wanted, a batch at a time. Records that are named must be there until `flush`. */
export class RankEmitter {
  readonly #fields: RowFields;
  readonly #output: Output;
  readonly #builder: BatchBuilder;
  readonly #width: number;
  readonly #slots = new Int32Array(maxBatchRows);
  readonly #ranks = new Float64Array(maxBatchRows);
  readonly #kinds: Uint8Array | null;
  #count = 0;

  constructor(schema: Schema, width: number, fields: RowFields, output: Output, changes: boolean) {
    this.#builder = new BatchBuilder(schema, maxBatchRows);
    this.#width = width;
    this.#fields = fields;
    this.#output = output;
    this.#kinds = changes ? new Uint8Array(maxBatchRows) : null;
  }

  /** Rows that are still free in the batch: a pair must not be torn. */
  get room(): number {
    return maxBatchRows - this.#count;
  }

  add(slot: number, rank: number, kind: number): void {
    if (this.#count === maxBatchRows) this.flush();
    this.#slots[this.#count] = slot;
    this.#ranks[this.#count] = rank;
    if (this.#kinds !== null) this.#kinds[this.#count] = kind;
    this.#count += 1;
  }

  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    const batch = this.#read(count);
    this.#output.emit({ ...batch, rowKinds: this.#kinds });
  }

  #read(count: number): Batch {
    const builder = this.#builder;
    builder.reset();
    for (let field = 0; field < this.#width; field += 1)
      this.#fields.read(field, this.#slots, count, builder.column(field));
    if (builder.columns.length > this.#width) {
      const ranks = builder.column(this.#width);
      for (let row = 0; row < count; row += 1) ranks.setInt(row, this.#ranks[row]!);
    }
    builder.rowCount = count;
    return builder.batch();
  }
}
