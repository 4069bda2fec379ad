import { sourceChanges } from '../change-mode.ts';
import { shapeOf, only } from '../shape/shape-schema.ts';
import { tableSpecProperties } from '../shape/table-spec-schema.ts';
import type { SourceNode } from './source.ts';

export const sourceSchema = shapeOf<SourceNode>({
  kind: only('source'),
  changes: only(...sourceChanges),
  ...tableSpecProperties,
});
