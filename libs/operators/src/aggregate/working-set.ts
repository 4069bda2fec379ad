import { RecordColumns, recordType } from '@weir/state/rows/record-columns.ts';
import type { RowField } from '@weir/state/rows/row-layout.ts';
import type { RowStore } from '@weir/state/rows/row-store.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import type { TouchedGroups } from './touched-groups.ts';

/** The fields that accumulators take in a record, in their order. */
export function accumulatorFields(accumulators: readonly Accumulator[]): RowField[] {
  return accumulators.flatMap(({ columns }, index) =>
    columns.map((column) => ({ name: `aggregate ${index}`, type: recordType(column) })),
  );
}

/**
 * Accumulators over the groups of a batch: their values are gathered out of the records, the batch is added, and they are put back. Of k groups the places
 * 0 .. k-1 hold the values from before the batch, k .. 2k-1 those that it is added to: what a group's row was needs no state of its own.
 */
export class WorkingSet {
  readonly #records: RecordColumns;
  readonly #columns: readonly Accumulator['columns'][number][];
  readonly #firstField: number;
  #used = 0;

  constructor(store: RowStore, firstField: number, accumulators: readonly Accumulator[]) {
    this.#records = new RecordColumns(store);
    this.#firstField = firstField;
    this.#columns = accumulators.flatMap(({ columns }) => columns);
  }

  /** @param known whose values are in their record: the others begin anew */
  gather({ slots, count }: TouchedGroups, known: Uint8Array): void {
    for (const [index, column] of this.#columns.entries()) {
      column.reserve(2 * count);
      column.clear(Math.max(2 * count, this.#used));
      const field = this.#firstField + index;
      this.#records.gather(field, slots, known, count, column, 0);
      this.#records.gather(field, slots, known, count, column, count);
    }
    this.#used = 2 * count;
  }

  put({ slots, count }: TouchedGroups): void {
    for (const [index, column] of this.#columns.entries())
      this.#records.put(this.#firstField + index, slots, count, column, count);
  }
}
