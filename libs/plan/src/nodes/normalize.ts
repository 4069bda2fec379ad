/** Rows that take each other's place by a key become changes with the old rows: it keeps the last row of each key. Partitioned by the key. */
export interface NormalizeNode {
  readonly kind: 'normalize';
  readonly key: readonly number[];
  /** As of GroupAggregateNode. */
  readonly ttlMs: number;
}
