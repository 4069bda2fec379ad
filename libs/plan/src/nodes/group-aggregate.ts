import type { AggregateCall } from './window-aggregate.ts';

/** `distinct`: each value of the argument counts once. */
export interface GroupedCall extends AggregateCall {
  readonly distinct: boolean;
}

/**
 * Aggregates by key, without a window: a group's row comes out when it first has rows, again whenever it changes, and goes when its last row is taken
 * back. Output columns: the keys, the aggregates. Without keys all rows are one group, whose row never goes. Without aggregates: the distinct keys.
 * Input is partitioned by the keys, so that a key lives in one subtask.
 */
export interface GroupAggregateNode {
  readonly kind: 'group_aggregate';
  readonly keys: readonly number[];
  readonly aggregates: readonly GroupedCall[];
  /** A group that nothing was written to for so long is forgotten, silently; 0: never. */
  readonly ttlMs: number;
}
