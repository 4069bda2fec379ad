import type { Batch } from '@weir/columnar/batch.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import type { SplitState } from '@weir/plan/split-state.ts';

/**
 * An operator: rows in, rows out, inside one subtask. All calls are synchronous and come one at a time.
 *
 * The caller (task-runtime):
 * - calls `open` once, first, with what a snapshot held (or nothing);
 * - passes batches and watermarks of each input in their order; a watermark of an input never goes back;
 * - after every call to `process` or `watermark`, calls `drain` until it returns false before it calls anything else on this operator or
 *   on those before it (waiting for down-stream room in between): a window that fires a million rows never fills the memory;
 * - calls `snapshot` only between such calls, when all inputs have reached the barrier.
 *
 * The operator:
 * - emits to `context.output`, and keeps no reference to a batch after `process` returns (see Batch: it is lent);
 * - passes watermarks on itself, after all rows that they release (an operator without state: at once);
 * - emits at most about `maxBatchRows` rows a batch and returns from `drain` after about one batch.
 */
export interface Operator {
  open(context: OperatorContext, restored: RestoredState): void;
  process(batch: Batch, input: number): void;
  /** Event time of this input has reached `micros` (since 1970; +Infinity when the input has ended). */
  watermark(micros: number, input: number): void;
  /** Rows leave with the partition they came with: what is told of a source's partitions goes on to the operators behind. */
  readonly keepsPartitions?: boolean;
  /** Makes watermarks of the rows of a source's partitions, and says itself when nothing is active behind it (`Output.idle`). */
  readonly partitionWatermarks?: PartitionWatermarks;
  /** Emits some of what is pending. True when more is left. */
  drain(): boolean;
  /** What changed since the last snapshot and what still counts. Called once an epoch. */
  snapshot(): OperatorState;
  /**
   * After a restore that moved rows: a piece of them that no piece of this subtask holds yet, so that they are on their way to the store before the
   * first barrier; null when there is no more. May be called between any two calls; what it gave, the first snapshot lists as kept.
   */
  writeAhead?(): StatePiece | null;
  close(): void;
}

export interface Output {
  emit(batch: Batch): void;
  watermark(micros: number): void;
  /**
   * Nothing is active here: the watermark holds nobody back until `idle(false)`. Said by operators with `partitionWatermarks`, after the
   * watermark that goes with it and, when active again, before the first row; for all others it follows from their inputs.
   */
  idle(idle: boolean): void;
}

/** What an operator that makes watermarks is told of the partitions of its source. Drained after each call, as after `process`. */
export interface PartitionWatermarks {
  /** How long a partition must have been read to its end to be idle, ms. */
  readonly idleTimeMs: number;
  /** All partitions that the source reads, active: before their first row, and again, with all of them, when there are more. */
  partitions(all: readonly number[]): void;
  /** These became idle, or active again, at one moment: together, so that there is no order among them. */
  partitionsIdle(partitions: readonly number[], idle: boolean): void;
}

/** Rows that an operator puts into one batch at most, give or take one input batch's rows. */
export const maxBatchRows = 4096;

export interface OperatorContext {
  readonly output: Output;
  readonly clock: Clock;
  readonly subtask: number;
  readonly parallelism: number;
  /** Of the whole pipeline; this subtask owns [keyGroupStart, keyGroupEnd). */
  readonly keyGroups: number;
  readonly keyGroupStart: number;
  readonly keyGroupEnd: number;
  /** Names of source partitions by the index that `Batch.partition` has: the split ids of SplitState. Grows while running. */
  readonly partitionName: (partition: number) => string;
  /** Adds to a counter shown in /metrics and `weir status`, e.g. `late_rows`. */
  readonly count: (metric: string, by: number) => void;
}

/** State as the operator sees it: bytes to write, and which of its earlier pieces still count. */
export interface OperatorState {
  /** New pieces; `sequence` is ascending over the operator's life, also over a restore. */
  readonly written: readonly StatePiece[];
  /** Sequences of earlier pieces that are still part of the state. All others may be deleted once this epoch is decided. */
  readonly kept: readonly number[];
  /** State that isn't keyed, by split. */
  readonly splits: Readonly<Record<string, SplitState>>;
}

export interface StatePiece {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly keyGroupStart: number;
  readonly keyGroupEnd: number;
}

/**
 * Pieces of every subtask of the snapshot whose key groups meet this subtask's, grouped by the subtask that wrote them and in ascending
 * `sequence` within it. An operator takes only the key groups that it owns out of each. After a restore its sequences start above the
 * highest here; restored pieces that lie wholly inside this subtask's range and came from one writer only may be kept, others are written anew.
 */
export interface RestoredState {
  readonly writers: readonly { readonly subtask: number; readonly pieces: readonly StatePiece[] }[];
  readonly splits: Readonly<Record<string, SplitState>>;
}

export const nothingRestored: RestoredState = { writers: [], splits: {} };
export const statelessSnapshot: OperatorState = { written: [], kept: [], splits: {} };
