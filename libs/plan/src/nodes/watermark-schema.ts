import { count, exact, index, objectOf, only, orNull, ref } from '../shape/json-schema.ts';
import type { WatermarkNode } from './watermark.ts';

export const watermarkSchema = objectOf<WatermarkNode>({
  kind: only('watermark'),
  eventTime: index,
  expression: ref('expression'),
  delayMicros: orNull(exact),
  idleTimeMs: count,
});
