import { rowKind } from '@weir/columnar/batch.ts';
import type { RowFields } from '@weir/state/rows/row-fields.ts';
import { maxBatchRows, type Output } from '../operator.ts';
import type { PairReader } from './pair-reader.ts';

/** Gathers what a join gives, in its order, and emits it a batch at a time. Records that are named must be there until `flush`. */
export class PairEmitter {
  readonly #reader: PairReader;
  readonly #left: RowFields;
  readonly #right: RowFields;
  readonly #output: Output;
  /** Without: all are inserts. */
  readonly #kinds: Uint8Array | null;
  readonly #leftSlots = new Int32Array(maxBatchRows);
  readonly #rightSlots = new Int32Array(maxBatchRows);
  #count = 0;

  constructor(reader: PairReader, left: RowFields, right: RowFields, output: Output, changes: boolean) {
    this.#reader = reader;
    this.#left = left;
    this.#right = right;
    this.#output = output;
    this.#kinds = changes ? new Uint8Array(maxBatchRows) : null;
  }

  /** A pair so many times, or a row of one side alone (the other slot -1). `sign`: 1 it comes, -1 it goes. */
  add(left: number, right: number, sign: number, times: number): void {
    for (let index = 0; index < times; index += 1) {
      if (this.#count === maxBatchRows) this.flush();
      this.#leftSlots[this.#count] = left;
      this.#rightSlots[this.#count] = right;
      if (this.#kinds !== null) this.#kinds[this.#count] = sign > 0 ? rowKind.insert : rowKind.delete;
      this.#count += 1;
    }
  }

  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    const batch = this.#reader.read(this.#left, this.#right, this.#leftSlots, this.#rightSlots, count);
    this.#output.emit({ ...batch, rowKinds: this.#kinds });
  }
}
