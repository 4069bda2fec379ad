import type { SourceChanges } from '../change-mode.ts';
import type { TableSpec } from '../table-spec.ts';

/** Reads a table. The first operator of its stage; emits batches that come from one partition each. */
export interface SourceNode extends TableSpec {
  readonly kind: 'source';
  readonly changes: SourceChanges;
}
