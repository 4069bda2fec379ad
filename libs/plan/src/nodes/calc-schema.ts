import { listOf, objectOf, only, orNull, ref } from '../shape/json-schema.ts';
import type { CalcNode } from './calc.ts';

export const calcSchema = objectOf<CalcNode>({
  kind: only('calc'),
  condition: orNull(ref('expression')),
  projections: listOf(ref('expression')),
});
