import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { SortOrder } from '@weir/plan/nodes/sort-order.ts';
import type { RankFunction } from '@weir/plan/nodes/top-n.ts';
import { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import type { StateStores } from '@weir/state/state-stores.ts';
import { OrderBytes, orderField, tieBytes } from './order-bytes.ts';

export interface RankedRowsOptions {
  readonly schema: Schema;
  readonly partition: readonly number[];
  readonly order: readonly SortOrder[];
  readonly function: RankFunction;
  readonly limit: number;
}

/**
 * Rows by partition, each with its order as bytes: what ranks are worked out of. The order is a function of the row, so that it is the same after a
 * restore and however rows came.
 */
export class RankedRows {
  readonly rows: RowsByKey;
  /** The column behind the row's own that holds its order. */
  readonly sortColumn: number;
  /** Of the partition that was ranked last: its records in order, and how many of them are within the limit. */
  readonly slots: number[] = [];
  readonly ranks: number[] = [];
  kept = 0;
  readonly #options: RankedRowsOptions;
  readonly #order: OrderBytes;

  constructor(stores: StateStores, store: number, options: RankedRowsOptions) {
    this.#options = options;
    const { schema, partition } = options;
    this.sortColumn = schema.fields.length;
    this.#order = new OrderBytes(options.order, schema.fields.length);
    const columns = [...schema.fields, orderField];
    this.rows = stores.open(store, (place) => new RowsByKey({ columns, key: partition }, place));
  }

  /** Stores all rows of a batch; their records into `slots`, and into `heads` a record that is the same for all rows of one partition. */
  insert(batch: Batch, slots: Int32Array, heads: Int32Array): void {
    const sort = this.#order.column(batch);
    this.rows.insert({ ...batch, columns: [...batch.columns, sort] }, slots);
    this.rows.probe(batch, this.#options.partition, heads);
  }

  /** Works out the ranks of a partition, given any of its records that `insert` or a probe called its head. */
  rank(head: number): void {
    const { slots, ranks } = this;
    slots.length = 0;
    for (let slot = head; slot >= 0; slot = this.rows.nextOf(slot)) slots.push(slot);
    if (slots.length > 1) slots.sort(this.#compare);
    ranks.length = 0;
    this.kept = 0;
    const { limit, function: how } = this.#options;
    for (let place = 0; place < slots.length; place += 1) {
      const tied = how !== 'row_number' && place > 0 && this.tied(slots[place - 1]!, slots[place]!);
      const next = how === 'dense_rank' ? (ranks[place - 1] ?? 0) + 1 : place + 1;
      const rank = tied ? ranks[place - 1]! : next;
      ranks.push(rank);
      if (rank <= limit) this.kept = place + 1;
    }
  }

  /** Of the partition that was ranked last: the ranks that its records would have without some of them, by place. */
  ranksWithout(isLeftOut: (slot: number) => boolean): number[] {
    const { slots } = this;
    const dense = this.#options.function === 'dense_rank';
    const found: number[] = [];
    let previous = -1;
    let rank = 0;
    let counted = 0;
    for (const slot of slots) {
      if (isLeftOut(slot)) {
        found.push(0);
        continue;
      }
      counted += 1;
      if (previous < 0 || !this.tied(previous, slot)) rank = dense ? rank + 1 : counted;
      previous = slot;
      found.push(rank);
    }
    return found;
  }

  readonly #compare = (a: number, b: number): number => this.rows.fields.compare(a, b, this.sortColumn, 0);

  /** Are two records of the partition equal in their order? */
  tied(a: number, b: number): boolean {
    return this.rows.fields.compare(a, b, this.sortColumn, tieBytes) === 0;
  }
}
