import { count, flag, indexes, listOf, only, shapeOf } from '../shape/shape-schema.ts';
import type { GroupAggregateNode, GroupedCall } from './group-aggregate.ts';
import { aggregateCallProperties } from './window-aggregate-schema.ts';

export const groupAggregateSchema = shapeOf<GroupAggregateNode>({
  kind: only('group_aggregate'),
  keys: indexes,
  aggregates: listOf(shapeOf<GroupedCall>({ ...aggregateCallProperties, distinct: flag })),
  ttlMs: count,
});
