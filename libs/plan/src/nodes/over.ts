import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { AggregateCall } from './window-aggregate.ts';
import type { SortOrder } from './sort-order.ts';
import type { RankFunction } from './top-n.ts';

/** Rows around a row, in the order of its partition, that a function is over. Bounds relative to the row: negative before it; null: unbounded. */
export interface OverFrame {
  /** Bounds count rows, or (`range`) microseconds of the order's first column; of `range` rows of one order belong together. */
  readonly unit: 'rows' | 'range';
  readonly from: number | null;
  readonly to: number | null;
}

/** A function of a row and those around it. */
export interface OverCall {
  readonly function: AggregateCall['function'] | RankFunction | 'lag' | 'lead' | 'first_value' | 'last_value';
  /** Input column; null for count(*) and ranks. */
  readonly argument: number | null;
  readonly argumentType: SqlType | null;
  readonly frame: OverFrame;
  /** Of lag and lead: how many rows away. */
  readonly offset: number;
  readonly type: SqlType;
}

/**
 * Functions of each row and the rows around it in its partition. Output columns: the input's, then one a call. Inserts in, inserts out; input is partitioned
 * by `partition`.
 *
 * `window`: partitions are windows, or parts of them; `time` is the column with their end. Rows come out when the watermark has reached it.
 * `time`: rows are sorted by event time first; `time` is that column. A row comes out once the watermark is above it; frames end with the row.
 */
export interface OverNode {
  readonly kind: 'over';
  readonly emit: 'window' | 'time';
  readonly partition: readonly number[];
  readonly order: readonly SortOrder[];
  readonly calls: readonly OverCall[];
  readonly time: number;
}
