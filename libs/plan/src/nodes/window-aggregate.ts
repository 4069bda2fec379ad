import type { SqlType } from '@weir/columnar/sql-type.ts';

/** Sizes in microseconds. A hop need not divide its size. Windows start at multiples of slide (size for tumble) plus offset since 1970. */
export type WindowSpec =
  | { readonly kind: 'tumble'; readonly sizeMicros: number; readonly offsetMicros: number }
  | {
      readonly kind: 'hop';
      readonly sizeMicros: number;
      readonly slideMicros: number;
      readonly offsetMicros: number;
    }
  /** Windows that begin together, every `size`, and end every `step` after that, until `size`, of which `step` is a part. */
  | {
      readonly kind: 'cumulate';
      readonly sizeMicros: number;
      readonly stepMicros: number;
      readonly offsetMicros: number;
    }
  /** Of each key its own: rows with at most `gap` between one and the next; it ends `gap` after the last. */
  | { readonly kind: 'session'; readonly gapMicros: number };

/** Windows that lie fast on the line of time. */
export type FixedWindow = Exclude<WindowSpec, { readonly kind: 'session' }>;

export const aggregateFunctions = [
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'bool_and',
  'bool_or',
  'var_pop',
  'var_samp',
  'stddev_pop',
  'stddev_samp',
] as const;

export interface AggregateCall {
  readonly function: (typeof aggregateFunctions)[number];
  /** Input column, or null for count(*). */
  readonly argument: number | null;
  /** Input column of type BOOLEAN: rows count only where it is TRUE. */
  readonly filter: number | null;
  readonly type: SqlType;
  readonly argumentType: SqlType | null;
}

/**
 * Aggregates by window and key. Output columns: the keys, the aggregates, window_start, window_end (timestamps). A window's rows come
 * out once, when the watermark reaches its end; rows for windows that are past are late: counted and dropped.
 * Input is partitioned by the keys (by an exchange), so that a key lives in one subtask.
 */
export interface WindowAggregateNode {
  readonly kind: 'window_aggregate';
  readonly window: WindowSpec;
  readonly eventTime: number;
  readonly keys: readonly number[];
  readonly aggregates: readonly AggregateCall[];
}
