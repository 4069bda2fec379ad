import type { Batch } from '@weir/columnar/batch.ts';
import { doubleType, type SqlType } from '@weir/columnar/sql-type.ts';
import type { Piece } from '../pieces/piece-codec.ts';
import type { NextSequence, PieceWriters, StateStore, StorePlace, WrittenState } from '../state-stores.ts';
import { ValueByKey } from './value-by-key.ts';

export interface CountsByValueOptions {
  /** Of the group; rows come to this subtask by them. */
  readonly group: readonly SqlType[];
  readonly value: SqlType;
}

/** How often each value is in each group: for DISTINCT aggregates and minima that can be taken back. */
export class CountsByValue implements StateStore {
  readonly counts: ValueByKey;
  readonly #countField: number;
  #slots: Int32Array = new Int32Array(0);

  constructor(options: CountsByValueOptions, place: StorePlace) {
    const { group, value } = options;
    this.counts = new ValueByKey(
      {
        keys: [...group, value],
        values: [{ name: 'count', type: doubleType }],
        partitionBy: group.map((_, position) => position),
      },
      place,
    );
    this.#countField = this.counts.firstValue;
  }

  get bytes(): number {
    return this.counts.bytes;
  }

  /**
   * Adds by[row] to the count of each row's value in its group, in their order; what it was before goes into `before`. A value whose count comes to 0 is
   * forgotten. Returns how many rows took away what wasn't there: they change nothing.
   * @param columns the batch's columns that are the group, then the value
   */
  add(batch: Batch, columns: readonly number[], by: Float64Array, before: Float64Array): number {
    const { rowCount } = batch;
    if (this.#slots.length < rowCount) this.#slots = new Int32Array(rowCount);
    const slots = this.#slots;
    const { counts } = this;
    counts.findOrCreate(batch, columns, slots);
    let unmatched = 0;
    for (let row = 0; row < rowCount; row += 1) {
      const count = counts.fields.number(slots[row]!, this.#countField);
      before[row] = count;
      if (count + by[row]! < 0) unmatched += 1;
      else counts.fields.setNumber(slots[row]!, this.#countField, count + by[row]!);
    }
    for (let row = 0; row < rowCount; row += 1) {
      const slot = slots[row]!;
      // A value may be in several rows of the batch: it goes once.
      if (!counts.store.isLive(slot)) continue;
      if (counts.fields.number(slot, this.#countField) === 0) counts.remove(slot);
    }
    return unmatched;
  }

  restore(writers: PieceWriters, keep: boolean): void {
    this.counts.restore(writers, keep);
  }

  snapshot(next: NextSequence): WrittenState {
    return this.counts.snapshot(next);
  }

  writeAhead(next: NextSequence, mostBytes: number): Piece | null {
    return this.counts.writeAhead(next, mostBytes);
  }
}
