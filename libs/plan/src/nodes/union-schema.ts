import { shapeOf, only } from '../shape/shape-schema.ts';
import type { UnionNode } from './union.ts';

export const unionSchema = shapeOf<UnionNode>({ kind: only('union') });
