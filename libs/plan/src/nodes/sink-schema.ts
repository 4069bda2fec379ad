import { sinkChanges } from '../change-mode.ts';
import { shapeOf, only } from '../shape/shape-schema.ts';
import { tableSpecProperties } from '../shape/table-spec-schema.ts';
import type { SinkNode } from './sink.ts';

export const sinkSchema = shapeOf<SinkNode>({
  kind: only('sink'),
  changes: only(...sinkChanges),
  ...tableSpecProperties,
});
