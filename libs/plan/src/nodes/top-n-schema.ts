import { count, flag, index, indexes, listOf, only, orNull, shapeOf } from '../shape/shape-schema.ts';
import type { SortOrder } from './sort-order.ts';
import { rankFunctions, type TopNNode } from './top-n.ts';

export const sortOrders = listOf(shapeOf<SortOrder>({ column: index, descending: flag, nullsFirst: flag }));

export const topNSchema = shapeOf<TopNNode>({
  kind: only('top_n'),
  emit: only('updates', 'window', 'first'),
  partition: indexes,
  order: sortOrders,
  function: only(...rankFunctions),
  limit: count,
  rank: flag,
  time: orNull(index),
  ttlMs: count,
});
