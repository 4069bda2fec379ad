import type { Batch } from '@weir/columnar/batch.ts';
import type { ErrorCode } from '@weir/kernel/errors.ts';
import type { SplitState } from '@weir/plan/split-state.ts';

/**
 * Reads one subtask's share of a table. Owns its fetch loop: I/O goes on in the background within a byte budget, `poll` only decodes.
 * All positions are between batches: `snapshot` after a `poll` includes exactly the rows of all batches polled so far.
 */
export interface Source {
  /** Restores positions (of all splits of the table; it takes those that it owns) and begins to fetch. */
  open(splits: Readonly<Record<string, SplitState>>): Promise<void>;
  /** The next batch, decoded, or undefined when nothing is fetched yet. The batch is lent until the next call. */
  poll(): Batch | undefined;
  /**
   * Records that the last poll could not read, as rows of `rejectedSchema`, for tables with bad_data = 'dead_letter': asked after every
   * poll, also one that gave nothing; lent until the next one. Left out: this source rejects none.
   */
  takeRejected?(): Batch | undefined;
  /** Resolves when `poll` may return something, a partition's idleness changed or the input ended; or when the signal is aborted. */
  wait(signal: AbortSignal): Promise<void>;
  /** Name of the split (`topic/3`) by the index in `Batch.partition`. */
  partitionName(partition: number): string;
  /**
   * Partitions whose "read to the end" changed since the last call, for idleness: `atEnd` true once all that is there has been polled.
   * May answer from a look a little while ago (200 ms), unless `now`.
   */
  takeEndChanges(now: boolean): readonly { readonly partition: number; readonly atEnd: boolean }[];
  /** Partitions that it reads now (indexes). */
  partitions(): readonly number[];
  /** True when the input is bounded and all of it was polled. */
  readonly ended: boolean;
  /** Positions after the last polled batch, for every split that it owns, quiet ones too. */
  snapshot(): Readonly<Record<string, SplitState>>;
  /** An epoch with these positions is committed: tell the outside (consumer group offsets). Best effort; errors are logged, never thrown. */
  committed(splits: Readonly<Record<string, SplitState>>): Promise<void>;
  /** Gauges for /metrics and status: records and bytes read, lag per split. */
  stats(): SourceStats;
  close(): Promise<void>;
}

export interface SourceStats {
  readonly records: number;
  readonly bytes: number;
  readonly badRecords: number;
  /** The same by the code of what is wrong with them. */
  readonly badByCode?: Readonly<Record<string, number>>;
  /** Records without a value (tombstones) that made no row. */
  readonly nullValues?: number;
  /** Split -> records behind the end (the last stable offset for read_committed). */
  readonly lag: Readonly<Record<string, number>>;
  /** What people should know although it reads on; none: left out. */
  readonly warnings?: readonly SourceWarning[];
}

export interface SourceWarning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
