import { count, only, shapeOf } from '../shape/shape-schema.ts';
import { joinProperties } from './join-schema.ts';
import type { RegularJoinNode } from './regular-join.ts';

export const regularJoinSchema = shapeOf<RegularJoinNode>({
  kind: only('regular_join'),
  ...joinProperties,
  ttlMs: count,
});
