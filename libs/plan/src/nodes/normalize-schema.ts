import { count, indexes, only, shapeOf } from '../shape/shape-schema.ts';
import type { NormalizeNode } from './normalize.ts';

export const normalizeSchema = shapeOf<NormalizeNode>({
  kind: only('normalize'),
  key: indexes,
  ttlMs: count,
});
