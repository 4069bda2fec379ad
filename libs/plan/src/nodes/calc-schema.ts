import { listOf, shapeOf, only, orNull, ref } from '../shape/shape-schema.ts';
import type { CalcNode } from './calc.ts';

export const calcSchema = shapeOf<CalcNode>({
  kind: only('calc'),
  condition: orNull(ref('expression')),
  projections: listOf(ref('expression')),
});
