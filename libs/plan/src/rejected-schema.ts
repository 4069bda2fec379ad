import { bigintType, intType, textType, type Field, type Schema } from '@weir/columnar/sql-type.ts';

interface RejectedColumn extends Field {
  /** What becomes of it in the record that a sink makes (TableSpec.metadata); null: it is the value. */
  readonly metadata: string | null;
}

const bytes = { kind: 'bytes' } as const;

/** A record of a source that can't be read: all of it, untouched, then where it was and why. */
export const rejectedColumns = [
  { name: 'value', type: bytes, nullable: true, metadata: null },
  { name: 'key', type: bytes, nullable: true, metadata: 'key' },
  // As encoded in the record; empty: none.
  { name: 'headers', type: bytes, nullable: false, metadata: 'headers' },
  {
    name: 'timestamp',
    type: { kind: 'timestamp', precision: 3, zoned: false },
    nullable: false,
    metadata: 'timestamp',
  },
  { name: 'topic', type: textType, nullable: false, metadata: 'weir.topic' },
  { name: 'partition', type: intType, nullable: false, metadata: 'weir.partition' },
  { name: 'offset', type: bigintType, nullable: false, metadata: 'weir.offset' },
  // Where the record names the schema that it was written with.
  { name: 'schema_id', type: intType, nullable: true, metadata: 'weir.schema_id' },
  { name: 'error_code', type: textType, nullable: false, metadata: 'weir.error.code' },
  { name: 'error', type: textType, nullable: false, metadata: 'weir.error' },
] as const satisfies readonly RejectedColumn[];

/** The rows of a source's output `rejected`. */
export const rejectedSchema: Schema = {
  fields: rejectedColumns.map(({ name, type, nullable }) => ({ name, type, nullable })),
};

/** Metadata that becomes a header of its own is named for it. */
export const appendedHeader = /^weir\./;

const suffix = '.dead_letter';

/** The name under which the records that a table rejected are a table of their own. */
export function deadLetterTable(table: string): string {
  return `${table}${suffix}`;
}

/** The reverse of deadLetterTable; undefined for a table that holds no dead letters. */
export function tableOfDeadLetters(table: string): string | undefined {
  return table.endsWith(suffix) ? table.slice(0, -suffix.length) : undefined;
}
