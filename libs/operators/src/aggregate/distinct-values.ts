import type { Batch } from '@weir/columnar/batch.ts';
import { doubleType, type SqlType } from '@weir/columnar/sql-type.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { present } from '@weir/kernel/assert.ts';
import { ValueByKey } from '@weir/state/kinds/value-by-key.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import type { StorePlace } from '@weir/state/state-stores.ts';

export interface DistinctOptions {
  readonly keys: readonly number[];
  readonly keyTypes: readonly SqlType[];
  /** The argument whose values are told apart. */
  readonly argument: number;
  readonly argumentType: SqlType;
  /** Columns of the FILTERs under which they are, each once; null: without one. */
  readonly filters: readonly (number | null)[];
  /** Rows are taken back: values are counted, not only seen. */
  readonly retracts: boolean;
  readonly ttlSeconds: number;
}

/** Rows that bring a value which wasn't there, and rows that take the last of a value: what a DISTINCT aggregate adds and subtracts. */
class DistinctRows {
  added: Int32Array = new Int32Array(0);
  addedCount = 0;
  removed: Int32Array = new Int32Array(0);
  removedCount = 0;

  begin(rows: number): void {
    this.addedCount = 0;
    this.removedCount = 0;
    if (this.added.length >= rows) return;
    this.added = new Int32Array(rows);
    this.removed = new Int32Array(rows);
  }
}

/** Which values an argument has in each group, shared by all DISTINCT aggregates over it: a record a value, in it a count (or a flag) for each FILTER. */
export class DistinctValues {
  readonly values: ValueByKey;
  /** By FILTER, for the batch taken last. */
  readonly rows: readonly DistinctRows[];
  readonly #options: DistinctOptions;
  readonly #columns: readonly number[];
  readonly #expiry: Expiry;
  #taken: Int32Array = new Int32Array(0);
  #slots: Int32Array = new Int32Array(0);

  constructor(options: DistinctOptions, place: StorePlace) {
    const { keys, keyTypes, argument, argumentType, filters, retracts, ttlSeconds } = options;
    this.#options = options;
    this.#columns = [...keys, argument];
    this.values = new ValueByKey(
      {
        keys: [...keyTypes, argumentType],
        values: filters.map((_, index) => ({ name: `filter ${index}`, type: doubleType })),
        partitionBy: keys.map((_, position) => position),
        use: retracts ? 'counted values' : 'seen values',
        // A value that was seen stays as it is: refreshed now and then, so that it isn't in every snapshot.
        ...(retracts ? {} : { refreshSeconds: ttlSeconds === 0 ? Infinity : Math.max(1, ttlSeconds >> 4) }),
      },
      place,
    );
    this.#expiry = new Expiry(this.values.store, ttlSeconds);
    this.rows = filters.map(() => new DistinctRows());
  }

  expire(nowSeconds: number): void {
    this.values.store.now = nowSeconds;
    for (const slot of this.#expiry.due(nowSeconds)) this.values.remove(slot);
  }

  /**
   * Takes the rows[0 .. count) of a batch whose argument isn't NULL.
   * @returns how many took away a value that wasn't there: they change nothing
   */
  take(batch: Batch, rows: Int32Array, count: number): number {
    const { argument, filters } = this.#options;
    if (this.#taken.length < count) {
      this.#taken = new Int32Array(count);
      this.#slots = new Int32Array(count);
    }
    const { nulls } = present(batch.columns[argument], 'argument');
    const taken = this.#taken;
    let used = 0;
    for (let index = 0; index < count; index += 1) {
      const row = rows[index]!;
      if (nulls === null || nulls[row] !== 1) taken[used++] = row;
    }
    this.values.findOrCreateOf(batch, this.#columns, taken, used, this.#slots);
    let unmatched = 0;
    for (let filter = 0; filter < filters.length; filter += 1)
      unmatched += this.#count(batch, used, filter, this.rows[filter]!);
    this.#forgetEmpty(used);
    return unmatched;
  }

  #count(batch: Batch, count: number, filter: number, into: DistinctRows): number {
    const { filters, retracts } = this.#options;
    const { fields, store, firstValue } = this.values;
    const condition = filters[filter] ?? null;
    const column = condition === null ? null : present(batch.columns[condition], 'filter');
    const field = firstValue + filter;
    const { rowKinds } = batch;
    into.begin(count);
    let unmatched = 0;
    for (let index = 0; index < count; index += 1) {
      const row = this.#taken[index]!;
      if (column?.kind === 'bool' && (column.values[row] !== 1 || column.nulls?.[row] === 1)) continue;
      const slot = this.#slots[index]!;
      const before = fields.number(slot, field);
      if (!retracts) {
        if (before !== 0) continue;
        fields.setNumber(slot, field, 1);
        store.changed(slot);
        into.added[into.addedCount++] = row;
        continue;
      }
      const minus = rowKinds !== null && isMinus(rowKinds[row]!);
      const after = minus ? before - 1 : before + 1;
      if (after < 0) {
        unmatched += 1;
        continue;
      }
      fields.setNumber(slot, field, after);
      if (before === 0) into.added[into.addedCount++] = row;
      else if (after === 0) into.removed[into.removedCount++] = row;
    }
    return unmatched;
  }

  /** Values that no FILTER holds any more, or never did. */
  #forgetEmpty(count: number): void {
    const { fields, store, firstValue } = this.values;
    const filters = this.rows.length;
    for (let index = 0; index < count; index += 1) {
      const slot = this.#slots[index]!;
      // A value may be in several rows of the batch: it goes once.
      if (!store.isLive(slot)) continue;
      let held = false;
      for (let filter = 0; filter < filters && !held; filter += 1)
        held = fields.number(slot, firstValue + filter) !== 0;
      if (!held) this.values.remove(slot);
    }
  }
}
