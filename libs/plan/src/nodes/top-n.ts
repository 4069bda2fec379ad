import type { SortOrder } from './sort-order.ts';

/** How rows are numbered: each its own number; equal ones the same, with gaps after them or without. */
export const rankFunctions = ['row_number', 'rank', 'dense_rank'] as const;
export type RankFunction = (typeof rankFunctions)[number];

/**
 * The rows of each partition whose rank is at most `limit`. Output columns: the input's, then the rank (BIGINT) if `rank`. Input: inserts only,
 * partitioned by `partition`. Rows that are equal in their order are told apart by their content, so that the result doesn't depend on how they came.
 *
 * `updates`: the best so far, replaced by better ones as they come. `window`: the rows of a window, once the watermark has reached its end: inserts.
 * `first`: of each partition the row whose event time is the least, once the watermark is above it: inserts; `limit` is 1.
 */
export interface TopNNode {
  readonly kind: 'top_n';
  readonly emit: 'updates' | 'window' | 'first';
  readonly partition: readonly number[];
  readonly order: readonly SortOrder[];
  readonly function: RankFunction;
  readonly limit: number;
  readonly rank: boolean;
  /** The column with the end of the window, or with the event time; null for `updates`. */
  readonly time: number | null;
  /** What nothing was written to for so long is forgotten, silently; 0: never. */
  readonly ttlMs: number;
}
