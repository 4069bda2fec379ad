import { flag, index, only, shapeOf } from '../shape/shape-schema.ts';
import type { UnnestNode } from './unnest.ts';

export const unnestSchema = shapeOf<UnnestNode>({
  kind: only('unnest'),
  column: index,
  ordinality: flag,
  outer: flag,
});
