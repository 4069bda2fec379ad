import type { Batch } from '@weir/columnar/batch.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { WeirError } from '@weir/kernel/errors.ts';

/** How the values of a table's records are read and written. Options are the table's WITH options, keys in full (`json.timestamp_format`). */
export interface Format {
  readonly name: string;
  /** Keys of WITH options that it understands, beside `format` itself. */
  readonly optionNames: readonly string[];
  /** What is wrong with the options or with the schema in this format; empty when all is well. Cheap: the compiler calls it. */
  check(schema: Schema, options: FormatOptions, direction: 'read' | 'write'): readonly FormatIssue[];
  /**
   * @throws WeirError WEIR-3100 when `check` has something to say
   */
  createDecoder(schema: Schema, options: FormatOptions, settings?: DecoderSettings): Decoder;
  createEncoder(schema: Schema, options: FormatOptions, settings?: EncoderSettings): Encoder;
}

export type FormatOptions = Readonly<Record<string, string>>;

export interface FormatIssue {
  /** The option concerned, or undefined when it is a column. */
  readonly option?: string;
  readonly column?: string;
  readonly message: string;
  readonly hint?: string;
}

export interface DecoderSettings {
  /** Indexes of the schema's columns that come from the value; default all. The caller fills the others (metadata columns). */
  readonly columns?: readonly number[];
  /**
   * A record without a value (tombstone, start -1): an error, skipped without a row, or a row in which the columns of the value are NULL
   * (an error where one is NOT NULL). Default: `error` for formats of objects, `row` for raw ones, which have one column for the value.
   */
  readonly nullValue?: NullValue;
}

export type NullValue = 'error' | 'skip' | 'row';

export interface EncoderSettings {
  /** Indexes of the schema's columns that go into the value; default all. */
  readonly columns?: readonly number[];
}

/**
 * Decodes many records a call, into columns. Nothing is allocated per record.
 *
 * The columns' TEXT are slices of `data` (or of a buffer of the decoder): `data` must stay as it is for as long as the batch is in use.
 * Between two `into.reset()`s all calls of `decode` must pass the same `data`.
 */
export interface Decoder {
  /**
   * Decodes records `from` .. `from + count - 1` and appends their rows to `into`, at most up to its capacity.
   * @param valueStarts byte positions in `data`; -1 says that the record has no value
   * @param valueEnds exclusive
   * @returns records consumed. When that is fewer than `count`, either `error` says what is wrong with record `from + consumed` (it left no
   *   row; go on at `from + consumed + 1` in the same batch or stop), or `error` is null and the batch takes no
   *   more of this data: emit it, reset, go on.
   */
  decode(
    data: Uint8Array,
    valueStarts: Int32Array,
    valueEnds: Int32Array,
    from: number,
    count: number,
    into: BatchBuilder,
  ): number;
  /** Set by the last call of `decode`. */
  readonly error: WeirError | null;
}

/**
 * Encodes rows into bytes of the caller. `begin` binds a batch (a call, not a copy: the batch must stay as it is), then for each row:
 * have `bound(row)` bytes free at `at`, then `encode(row, target, at)`.
 */
export interface Encoder {
  begin(batch: Batch): void;
  /** Bytes that `encode` writes at most for this row. */
  bound(row: number): number;
  /**
   * Writes one value at `at`.
   * @returns the position after its last byte
   * @throws WeirError WEIR-3110 when a value can't be written in this format (a NaN in JSON)
   */
  encode(row: number, target: Uint8Array, at: number): number;
}
