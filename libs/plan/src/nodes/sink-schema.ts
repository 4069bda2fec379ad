import { sinkChanges } from '../change-mode.ts';
import { objectOf, only } from '../shape/json-schema.ts';
import { tableSpecProperties } from '../shape/table-spec-schema.ts';
import type { SinkNode } from './sink.ts';

export const sinkSchema = objectOf<SinkNode>({
  kind: only('sink'),
  changes: only(...sinkChanges),
  ...tableSpecProperties,
});
