import type { Batch } from '@weir/columnar/batch.ts';
import type { Encoder } from '@weir/formats/encoder.ts';
import type { Format } from '@weir/formats/format.ts';
import { JsonChangeEncoder } from '@weir/formats/json/json-change-encoder.ts';
import type { PlannedOperator } from '@weir/plan/physical-plan.ts';
import type { OutputTap } from '../record-path/sink-end.ts';

/** Rows of an epoch that are shown at most, and their bytes together; the others are counted. */
const maxTailedRows = 1000;
const maxTailedBytes = 1024 * 1024;
/** Epochs whose rows wait to be committed; a newer one makes the oldest be forgotten. */
const maxEpochs = 8;
/** A row may be so many times shorter than the room that its encoder asks for. */
const roomFactor = 6;

export interface TailedRows {
  readonly table: string;
  readonly epoch: number;
  readonly rows: readonly string[];
  readonly skipped: number;
}

interface EpochRows {
  readonly rows: string[];
  bytes: number;
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
  constructor(
    table: string,
    { output, changes }: Pick<PlannedOperator, 'output' | 'changes'>,
    json: Format,
    epochNow: () => number,
  ) {
    this.#table = table;
    // Of rows that are updated each says what it does.
    this.#encoder =
      changes.kind === 'append' ? json.createEncoder(output, {}) : new JsonChangeEncoder(output, {});
    this.#epochNow = epochNow;
  }

  rows(batch: Batch): void {
    const epoch = this.#epochNow();
    let kept = this.#epochs.get(epoch);
    if (kept === undefined) this.#epochs.set(epoch, (kept = { rows: [], bytes: 0, skipped: 0 }));
    if (this.#epochs.size > maxEpochs) this.#epochs.delete(Math.min(...this.#epochs.keys()));
    let row = 0;
    try {
      const most = Math.min(batch.rowCount, maxTailedRows - kept.rows.length);
      if (most > 0) this.#encoder.begin(batch);
      for (; row < most && this.#keep(kept, row); row += 1);
    } catch {
      // A value that JSON can't express: the row is not shown, and nobody who writes is told.
    }
    kept.skipped += batch.rowCount - row;
  }

  /** False when there is no room for the row. */
  #keep(kept: EpochRows, row: number): boolean {
    const bound = this.#encoder.bound(row);
    const room = maxTailedBytes - kept.bytes;
    if (bound > room * roomFactor) return false;
    if (bound > this.#scratch.length) this.#scratch = new Uint8Array(bound * 2);
    const end = this.#encoder.encode(row, this.#scratch, 0);
    if (end > room) return false;
    kept.bytes += end;
    kept.rows.push(Buffer.from(this.#scratch.buffer, 0, end).toString('utf8'));
    return true;
  }

  /** Rows of this epoch, which is committed; earlier ones are forgotten. */
  take(epoch: number): TailedRows | undefined {
    const kept = this.#epochs.get(epoch);
    for (const known of this.#epochs.keys()) if (known <= epoch) this.#epochs.delete(known);
    if (kept === undefined) return undefined;
    return { table: this.#table, epoch, rows: kept.rows, skipped: kept.skipped };
  }
}
