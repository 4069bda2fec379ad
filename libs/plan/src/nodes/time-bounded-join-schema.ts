import { count, index, only, shapeOf } from '../shape/shape-schema.ts';
import { joinProperties } from './join-schema.ts';
import type { TimeBoundedJoinNode } from './time-bounded-join.ts';

export const timeBoundedJoinSchema = shapeOf<TimeBoundedJoinNode>({
  kind: only('time_bounded_join'),
  ...joinProperties,
  leftUntil: index,
  rightUntil: index,
  holdMicros: count,
});
