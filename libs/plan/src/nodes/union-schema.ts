import { objectOf, only } from '../shape/json-schema.ts';
import type { UnionNode } from './union.ts';

export const unionSchema = objectOf<UnionNode>({ kind: only('union') });
