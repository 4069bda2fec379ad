import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { RowsByKey } from '@weir/state/kinds/rows-by-key.ts';
import { TimeIndex } from '@weir/state/kinds/time-index.ts';
import type { StateStores } from '@weir/state/state-stores.ts';
import type { SideKeys } from './join-keys.ts';

/** Above 2^53 a double may lie so far from the time: a row is rather kept for longer. */
const farSlack = 64;

/** The rows of one side of a join by time, with the time until which each can match. */
export class TimedSide {
  readonly keys: SideKeys;
  /** Rows that match none come out when they go. */
  readonly keepsUnmatched: boolean;
  readonly rows: RowsByKey;
  readonly #until: number;
  readonly #times = new TimeIndex();

  constructor(
    stores: StateStores,
    store: number,
    schema: Schema,
    keys: SideKeys,
    until: number,
    keepsUnmatched: boolean,
  ) {
    this.keys = keys;
    this.keepsUnmatched = keepsUnmatched;
    this.#until = until;
    const options = { columns: schema.fields, key: keys.keys };
    this.rows = stores.open(store, (place) => new RowsByKey(options, place));
    this.rows.store.forEachLive((slot) => {
      if (!this.rows.fields.isNull(slot, until))
        this.#times.add(slot, kept(this.rows.fields.exact(slot, until)));
    });
  }

  /** The time until which a row of a batch can match, NaN where it is NULL. */
  untilOf(batch: Batch, row: number): number {
    const column = present(batch.columns[this.#until], 'the time until which a row matches');
    assert(column.kind === 'int', 'a time is a timestamp');
    if (column.nulls?.[row] === 1) return NaN;
    return kept(column.big === null ? column.values[row]! : column.big[row]!);
  }

  keepUntil(slot: number, micros: number): void {
    this.#times.add(slot, micros);
  }

  /** The next record that can match nothing that is yet to come of a side whose watermark is this; -1 when there is none. */
  nextExpired(watermark: number): number {
    const before = Math.abs(watermark) < Number.MAX_SAFE_INTEGER ? watermark - 1 : watermark - farSlack;
    return this.#times.pop(before, () => -Infinity);
  }

  /** Once it is out. A slot that is gone already is left alone. */
  remove(slot: number): void {
    if (!this.rows.store.isLive(slot)) return;
    this.#times.remove(slot);
    this.rows.remove(slot);
  }
}

function kept(micros: number | bigint): number {
  return typeof micros === 'number' ? micros : Number(micros) + farSlack;
}
