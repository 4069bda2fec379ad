import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import type { SchemaFraming } from './schema-framing.ts';
import type { SchemaIdentity, WriterSchemas } from './writer-schemas.ts';

/** One part (key or value) of the records of a fetched block, as ranges of bytes in `data`. */
export interface RecordPart {
  readonly data: Uint8Array;
  /** -1: the record has no such part (a tombstone, a record without a key). */
  readonly starts: Int32Array;
  /** Exclusive. */
  readonly ends: Int32Array;
  /** The encoded headers of the records, which both parts have; a start that equals its end: none. */
  readonly headerStarts: Int32Array;
  readonly headerEnds: Int32Array;
}

/** A part of records that have no headers, or whose headers nobody reads. */
export function partWithoutHeaders(data: Uint8Array, starts: Int32Array, ends: Int32Array): RecordPart {
  const none = new Int32Array(starts.length);
  return { data, starts, ends, headerStarts: none, headerEnds: none };
}

export type NullValue = 'error' | 'skip' | 'row';

export interface DecoderSettings {
  /** Indexes of the schema's columns that come from this part; default all. The caller fills the others. */
  readonly columns?: readonly number[];
  /**
   * A value that isn't there (tombstone): an error, skipped without a row, or a row in which the columns of the value are NULL (an error
   * where one is NOT NULL). Default: `error` for formats of objects, `row` for raw ones, which have one column for the value. A key that
   * isn't there is always NULL in its columns.
   */
  readonly nullValue?: NullValue;
  /** Indexes of the columns of the table's PRIMARY KEY: rows take each other's place by them. Left out: they don't. */
  readonly key?: readonly number[];
  readonly part: 'value' | 'key';
  /** How the part says which schema it was written with. */
  readonly framing: SchemaFraming;
  /** What the columns were made from, where a schema was. */
  readonly reader: PinnedSchema | null;
  /** Null where records name no schema. */
  readonly writers: WriterSchemas | null;
}

/** Settings for values of records that name no schema. */
export const plainRecordPart: DecoderSettings = {
  part: 'value',
  framing: 'none',
  reader: null,
  writers: null,
};

/**
 * Decodes many records a call, into columns. Nothing is allocated per record. Never waits, and never throws for what is in the data.
 *
 * The columns' TEXT are slices of `part.data` (or of a buffer of the decoder): it must stay as it is for as long as the batch is in use.
 * Between two `into.reset()`s all calls must pass the same `data`.
 *
 * A call that consumes fewer than it was asked to says why:
 * - bad: `error` is about the next record, which left no row; go on behind it, in the same batch too;
 * - needs a schema: `missing` names the one that the next record was written with; it left no row. Ask for it (`WriterSchemas.want`), go on
 *   at that record when it is there;
 * - neither: the batch takes no more of this data. Emit it, reset, go on at the next record.
 */
export interface Decoder {
  /**
   * Decodes records `from` .. `from + count - 1` and appends their rows to `into`, at most up to its capacity (a record that holds several
   * rows puts all of them into one batch).
   * @returns records consumed
   */
  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number;
  /**
   * Fills its columns of the rows `fromRow` .. `toRow - 1`, which are there: `into.recordIndex` says which record each comes from. For keys,
   * whose rows the value has made. `fromRow` 0 begins a batch.
   * @returns rows filled; `error` and `missing` are about the record of row `fromRow` + rows filled
   */
  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number;
  /** Set by the last call, as is `missing`; never both. */
  readonly error: WeirError | null;
  readonly missing: SchemaIdentity | null;
  /** Records without the part that were skipped, since the decoder was made. */
  readonly nullValues: number;
}
