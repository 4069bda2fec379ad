import type { Batch } from '@weir/columnar/batch.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import { KeyEncoder } from '@weir/state/key-encoding.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import type { StateStores } from '@weir/state/state-stores.ts';
import { hasNullKey, type SideKeys } from './join-keys.ts';
import type { PairWork } from './pair-work.ts';

export interface StoredSideOptions {
  readonly schema: Schema;
  readonly keys: SideKeys;
  readonly changes: ChangeMode;
  /** Rows that match none come out. */
  readonly keepsUnmatched: boolean;
  readonly ttlSeconds: number;
}

/** The rows of one side of a regular join. Those whose key matches nothing are held only where they come out all the same. */
export class StoredSide {
  readonly keys: SideKeys;
  readonly rows: RowsByKey;
  readonly #retracts: boolean;
  readonly #keepsUnmatched: boolean;
  readonly #expiry: Expiry;
  readonly #gatherer: BatchGatherer;
  readonly #encoder = new KeyEncoder();
  #selection: Int32Array = new Int32Array(0);

  constructor(stores: StateStores, store: number, options: StoredSideOptions) {
    const { schema, keys, changes, keepsUnmatched, ttlSeconds } = options;
    this.keys = keys;
    this.#retracts = changes.kind !== 'append';
    this.#keepsUnmatched = keepsUnmatched;
    const rows = { columns: schema.fields, key: keys.keys };
    this.rows = stores.open(
      store,
      (place) => new RowsByKey(this.#retracts ? { ...rows, identity: 'whole row' } : rows, place),
    );
    this.#expiry = new Expiry(this.rows.store, ttlSeconds);
    this.#gatherer = new BatchGatherer(schema);
  }

  /** How many equal rows a record stands for. */
  timesOf(slot: number): number {
    return this.#retracts ? this.rows.countOf(slot) : 1;
  }

  /** Forgets, silently, what was not written to for so long. */
  expire(nowSeconds: number): void {
    this.rows.store.now = nowSeconds;
    for (const slot of this.#expiry.due(nowSeconds)) this.rows.remove(slot);
  }

  /**
   * Takes a batch's rows in. Those that go are work for `minus`: their records stay until `settle`; those that come are stored, and work for `plus`.
   * Rows that go before they come, in one batch, cancel each other.
   * @returns how many rows go that were never there
   */
  take(batch: Batch, other: StoredSide, input: number, minus: PairWork, plus: PairWork): number {
    const { rowKinds } = batch;
    const going = rowKinds === null ? null : this.#select(batch, (row) => isMinus(rowKinds[row]!));
    const debts = going === null ? null : this.#takeBack(going, other, input, minus);
    const coming = this.#select(
      batch,
      (row) => (rowKinds === null || !isMinus(rowKinds[row]!)) && !this.#paysDebt(batch, row, debts),
    );
    if (coming !== null) {
      const { slots, heads } = plus.begin(coming.rowCount, input);
      this.rows.insert(coming, slots);
      this.#probe(coming, other, heads);
    }
    if (debts === null) return 0;
    let unmatched = 0;
    for (const count of debts.values()) unmatched += count;
    return unmatched;
  }

  /** Rows of the batch that are wanted and whose key may match, or that come out anyhow; null: none. */
  #select(batch: Batch, wanted: (row: number) => boolean): Batch | null {
    if (this.#selection.length < batch.rowCount) this.#selection = new Int32Array(batch.rowCount);
    const { strict } = this.keys;
    let count = 0;
    for (let row = 0; row < batch.rowCount; row += 1) {
      if (!wanted(row) || (!this.#keepsUnmatched && hasNullKey(batch, strict, row))) continue;
      this.#selection[count] = row;
      count += 1;
    }
    if (count === 0) return null;
    if (count === batch.rowCount) return batch;
    return this.#gatherer.gather(batch, this.#selection, count);
  }

  #takeBack(going: Batch, other: StoredSide, input: number, work: PairWork): Map<string, number> | null {
    const { slots, heads } = work.begin(going.rowCount, input);
    this.rows.find(going, slots);
    this.#probe(going, other, heads);
    let debts: Map<string, number> | null = null;
    let count = 0;
    for (let row = 0; row < going.rowCount; row += 1) {
      const slot = slots[row]!;
      if (slot >= 0 && this.rows.lessen(slot)) {
        slots[count] = slot;
        heads[count] = heads[row]!;
        count += 1;
        continue;
      }
      debts ??= new Map();
      const text = this.#textOf(going, row);
      debts.set(text, (debts.get(text) ?? 0) + 1);
    }
    work.shorten(count);
    return debts;
  }

  #paysDebt(batch: Batch, row: number, debts: Map<string, number> | null): boolean {
    if (debts === null) return false;
    const text = this.#textOf(batch, row);
    const count = debts.get(text);
    if (count === undefined) return false;
    if (count === 1) debts.delete(text);
    else debts.set(text, count - 1);
    return true;
  }

  #textOf(batch: Batch, row: number): string {
    const length = this.#encoder.encode(batch.columns, row);
    let text = '';
    for (let at = 0; at < length; at += 1) text += String.fromCharCode(this.#encoder.bytes[at]!);
    return text;
  }

  #probe(batch: Batch, other: StoredSide, heads: Int32Array): void {
    const { keys, strict } = this.keys;
    other.rows.probe(batch, keys, heads);
    for (let row = 0; row < batch.rowCount; row += 1) if (hasNullKey(batch, strict, row)) heads[row] = -1;
  }

  /** Once all that goes is out: records that stand for no row any more are gone. */
  settle(work: PairWork): void {
    for (let row = 0; row < work.rowCount; row += 1) {
      const slot = work.slots[row]!;
      if (this.rows.store.isLive(slot) && this.rows.countOf(slot) <= 0) this.rows.remove(slot);
    }
  }
}
