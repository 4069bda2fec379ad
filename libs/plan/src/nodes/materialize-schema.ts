import { count, indexes, only, shapeOf } from '../shape/shape-schema.ts';
import type { MaterializeNode } from './materialize.ts';

export const materializeSchema = shapeOf<MaterializeNode>({
  kind: only('materialize'),
  key: indexes,
  ttlMs: count,
});
