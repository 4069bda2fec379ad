/**
 * Changes of rows that share a key of a table become rows that take each other's place by it: it keeps all rows of each key; the last one that is left stands.
 * Partitioned by the key.
 */
export interface MaterializeNode {
  readonly kind: 'materialize';
  readonly key: readonly number[];
  /** As of GroupAggregateNode. */
  readonly ttlMs: number;
}
