import { sourceChanges } from '../change-mode.ts';
import { objectOf, only } from '../shape/json-schema.ts';
import { tableSpecProperties } from '../shape/table-spec-schema.ts';
import type { SourceNode } from './source.ts';

export const sourceSchema = objectOf<SourceNode>({
  kind: only('source'),
  changes: only(...sourceChanges),
  ...tableSpecProperties,
});
