import { count, exact, index, shapeOf, only, orNull, ref } from '../shape/shape-schema.ts';
import type { WatermarkNode } from './watermark.ts';

export const watermarkSchema = shapeOf<WatermarkNode>({
  kind: only('watermark'),
  eventTime: index,
  expression: ref('expression'),
  delayMicros: orNull(exact),
  idleTimeMs: count,
});
