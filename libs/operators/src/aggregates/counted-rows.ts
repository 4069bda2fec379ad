import type { Batch } from '@weir/columnar/batch.ts';
import type { BoolColumn } from '@weir/columnar/column.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { AggregateCall } from '@weir/plan/nodes/window-aggregate.ts';

type Counted = Pick<AggregateCall, 'argument' | 'filter'>;

function filterColumn(batch: Batch, call: Counted): BoolColumn | null {
  if (call.filter === null) return null;
  const column = batch.columns[call.filter];
  assert(column?.kind === 'bool', 'FILTER is BOOLEAN');
  return column;
}

/** Of rows and their slots, those that count for an aggregate: FILTER is TRUE, the argument isn't NULL. Arrays are used again. */
export class CountedRows {
  rows: Int32Array = new Int32Array(0);
  slots: Int32Array = new Int32Array(0);
  count = 0;
  #ownRows: Int32Array = new Int32Array(0);
  #ownSlots: Int32Array = new Int32Array(0);

  select(batch: Batch, call: Counted, rows: Int32Array, slots: Int32Array, count: number): void {
    const nulls = call.argument === null ? null : present(batch.columns[call.argument], 'argument').nulls;
    const filter = filterColumn(batch, call);
    if (nulls === null && filter === null) {
      this.rows = rows;
      this.slots = slots;
      this.count = count;
      return;
    }
    if (this.#ownRows.length < count) {
      this.#ownRows = new Int32Array(count);
      this.#ownSlots = new Int32Array(count);
    }
    let used = 0;
    for (let index = 0; index < count; index += 1) {
      const row = rows[index]!;
      if (nulls !== null && nulls[row] === 1) continue;
      if (filter !== null && (filter.values[row] !== 1 || filter.nulls?.[row] === 1)) continue;
      this.#ownRows[used] = row;
      this.#ownSlots[used] = slots[index]!;
      used += 1;
    }
    this.rows = this.#ownRows;
    this.slots = this.#ownSlots;
    this.count = used;
  }
}
