import type { Schema } from '@weir/columnar/sql-type.ts';
import type { SinkNode } from '../nodes/sink.ts';
import type { SourceNode } from '../nodes/source.ts';
import { ownConnection } from '../table-spec.ts';

/** What a test says of a table; the rest is as for a table of inserts without keys. */
export interface TestTable {
  readonly table: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
  readonly schema: Schema;
  /** Left out: all columns are fields of the value. */
  readonly metadata?: readonly (string | null)[];
}

export function sourceNode(table: TestTable): SourceNode {
  return { kind: 'source', ...plain, ...table, metadata: metadataOf(table) };
}

export function sinkNode(table: TestTable): SinkNode {
  return { kind: 'sink', ...plain, ...table, metadata: metadataOf(table) };
}

const plain = {
  specVersion: 1,
  connection: ownConnection,
  format: null,
  secrets: [],
  primaryKey: [],
  changes: 'append',
} as const;

function metadataOf({ metadata, schema }: TestTable): readonly (string | null)[] {
  return metadata ?? schema.fields.map(() => null);
}
