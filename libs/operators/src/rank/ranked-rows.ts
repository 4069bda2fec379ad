import type { Batch } from '@weir/columnar/batch.ts';
import { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import type { Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { SortOrder } from '@weir/plan/nodes/sort-order.ts';
import type { RankFunction } from '@weir/plan/nodes/top-n.ts';
import { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import { SortEncoder, type SortColumn } from '@weir/state/sort-encoding.ts';
import type { StateStores } from '@weir/state/state-stores.ts';

export interface RankedRowsOptions {
  readonly schema: Schema;
  readonly partition: readonly number[];
  readonly order: readonly SortOrder[];
  readonly function: RankFunction;
  readonly limit: number;
}

const bytesType: SqlType = { kind: 'bytes' };

/** Bytes behind the order's: two hashes of the whole row, by which rows of one order are told apart. */
const tieBytes = 8;

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
  readonly #encoder = new SortEncoder();
  readonly #sortBuilder = new ColumnBuilder(bytesType, 1024);
  readonly #all: readonly number[];
  readonly #reversed: readonly number[];
  #bytes = new Uint8Array(1024);
  #hashes: readonly [Int32Array, Int32Array] = [new Int32Array(0), new Int32Array(0)];

  constructor(stores: StateStores, store: number, options: RankedRowsOptions) {
    this.#options = options;
    const { schema, partition } = options;
    this.sortColumn = schema.fields.length;
    this.#all = schema.fields.map((_, index) => index);
    this.#reversed = this.#all.toReversed();
    const columns = [...schema.fields, { name: '$sort', type: bytesType, nullable: false }];
    this.rows = stores.open(store, (place) => new RowsByKey({ columns, key: partition }, place));
  }

  /** Stores all rows of a batch; their records into `slots`, and into `heads` a record that is the same for all rows of one partition. */
  insert(batch: Batch, slots: Int32Array, heads: Int32Array): void {
    const sort = this.#sortBytes(batch);
    this.rows.insert({ ...batch, columns: [...batch.columns, sort] }, slots);
    this.rows.probe(batch, this.#options.partition, heads);
  }

  #sortBytes(batch: Batch) {
    const { rowCount } = batch;
    if (this.#hashes[0].length < rowCount)
      this.#hashes = [new Int32Array(rowCount), new Int32Array(rowCount)];
    hashKeys(batch, this.#all, this.#hashes[0]);
    hashKeys(batch, this.#reversed, this.#hashes[1]);
    const columns = this.#options.order.map(({ column, descending, nullsFirst }): SortColumn => ({
      column: present(batch.columns[column], 'a column of the order'),
      descending,
      nullsFirst,
    }));
    const builder = this.#sortBuilder;
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
