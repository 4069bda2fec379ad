import type { Batch } from '@weir/columnar/batch.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';

/**
 * Writes one subtask's rows. `write` encodes at once; I/O goes on in the background.
 * Order of calls: open, then (write* prepare)* with commits in between. A failure of background I/O rejects `failed`, and every later call throws it.
 */
export interface Sink {
  /**
   * `firstEpoch`: the first epoch number that this generation will prepare. `outputEpoch`: the last decided epoch that brought output; what
   * was prepared under numbers above it was not decided.
   */
  open(firstEpoch: number, outputEpoch: number): Promise<void>;
  write(batch: Batch): void;
  /** True while it takes more rows; false asks the caller to await `room` first. */
  hasRoom(): boolean;
  room(): Promise<void>;
  /**
   * The barrier of `epoch` has come. Everything written before it belongs to `epoch`, everything after it to the next one; returns at once,
   * resolves when all of the epoch is at the brokers (prepared, not committed). `nextEpoch` is the number that rows from now on belong to.
   */
  prepare(epoch: number, nextEpoch: number): Promise<SinkHandle>;
  /** Commits a prepared epoch, with the handle that the ledger holds. Idempotent: an epoch that is no longer held here was committed before. */
  commit(epoch: number, handle: SinkHandle): Promise<void>;
  /** Rejects when background I/O fails for good; never resolves before `close`. */
  readonly failed: Promise<never>;
  stats(): SinkStats;
  /** Ends I/O. Open and prepared transactions stay as they are: recovery decides about them. */
  close(): Promise<void>;
}

export interface SinkStats {
  readonly records: number;
  readonly bytes: number;
}
