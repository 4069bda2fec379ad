import type { Batch } from '@weir/columnar/batch.ts';
import type { Encoder } from '@weir/formats/encoder.ts';
import type { Format } from '@weir/formats/format.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { OutputTap } from '../record-path/sink-end.ts';

/** Rows of an epoch that are shown at most; the others are counted. */
const maxTailedRows = 1000;

export interface TailedRows {
  readonly table: string;
  readonly epoch: number;
  readonly rows: readonly string[];
  readonly skipped: number;
}

interface EpochRows {
  readonly rows: string[];
  skipped: number;
}

/** Keeps the first rows that a sink writes in an epoch, as JSON text, until the epoch is committed. There only while somebody looks. */
export class TailTap implements OutputTap {
  readonly #table: string;
  readonly #encoder: Encoder;
  readonly #epochNow: () => number;
  readonly #epochs = new Map<number, EpochRows>();
  #scratch = new Uint8Array(4096);

  /** @param epochNow the epoch that rows belong to which are written now */
  constructor(table: string, schema: Schema, json: Format, epochNow: () => number) {
    this.#table = table;
    this.#encoder = json.createEncoder(schema, {});
    this.#epochNow = epochNow;
  }

  rows(batch: Batch): void {
    const epoch = this.#epochNow();
    let kept = this.#epochs.get(epoch);
    if (kept === undefined) this.#epochs.set(epoch, (kept = { rows: [], skipped: 0 }));
    const take = Math.min(batch.rowCount, maxTailedRows - kept.rows.length);
    kept.skipped += batch.rowCount - take;
    if (take === 0) return;
    this.#encoder.begin(batch);
    for (let row = 0; row < take; row += 1) {
      const bound = this.#encoder.bound(row);
      if (bound > this.#scratch.length) this.#scratch = new Uint8Array(bound * 2);
      const end = this.#encoder.encode(row, this.#scratch, 0);
      if (end < 0) continue;
      kept.rows.push(Buffer.from(this.#scratch.buffer, 0, end).toString('utf8'));
    }
  }

  /** Rows of this epoch, which is committed; earlier ones are forgotten. */
  take(epoch: number): TailedRows | undefined {
    const kept = this.#epochs.get(epoch);
    for (const known of this.#epochs.keys()) if (known <= epoch) this.#epochs.delete(known);
    if (kept === undefined) return undefined;
    return { table: this.#table, epoch, rows: kept.rows, skipped: kept.skipped };
  }
}
