import type { Batch } from '@weir/columnar/batch.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import type { SchemaFraming } from './schema-framing.ts';

/** `encode` says so: the record is a tombstone, a key without a value. */
export const tombstone = -1;
/** `encode` says so: the row makes no record (the state before an update, where only the state after it is written). */
export const noRecord = -2;

export interface EncoderSettings {
  /** Indexes of the schema's columns that go into this part; default all. */
  readonly columns?: readonly number[];
  readonly part: 'value' | 'key';
  readonly framing: SchemaFraming;
  /** A raw value that is NULL: an error (default), or a record without a value, where the system has such. */
  readonly nullValue?: 'error' | 'tombstone';
  /** The schema that records are written with; `writerId` is what a frame names. */
  readonly writer: PinnedSchema | null;
}

export const plainRecordValue: EncoderSettings = { part: 'value', framing: 'none', writer: null };

/**
 * Encodes rows into bytes of the caller. `begin` binds a batch (a call, not a copy: the batch must stay as it is), then for each row:
 * have `bound(row)` bytes free at `at`, then `encode(row, target, at)`.
 */
export interface Encoder {
  begin(batch: Batch): void;
  /** Bytes that `encode` writes at most for this row. */
  bound(row: number): number;
  /**
   * Writes what the row, by its kind, makes of this part of a record, at `at`.
   * @returns the position after the last byte written; `tombstone`: the value is null; `noRecord`: nothing is to be written for this row
   * @throws WeirError WEIR-3110 when a value can't be written in this format
   */
  encode(row: number, target: Uint8Array, at: number): number;
}

/**
 * Encodes a row for a sink that has nothing but values (lines of a file).
 * @returns as `encode`, but never `tombstone`
 * @throws WeirError WEIR-3111 for a row that deletes
 */
export function encodeValue(encoder: Encoder, row: number, target: Uint8Array, at: number): number {
  const end = encoder.encode(row, target, at);
  if (end !== tombstone) return end;
  throw unkeyedDelete();
}

/** The error about a row that deletes an earlier one where nothing says which. */
export function unkeyedDelete(): WeirError {
  return new WeirError(
    'WEIR-3111',
    'a row that deletes an earlier one can not be written: this sink has no keys, or its key is NULL',
    {
      hint: "write to a kafka table with 'sink.key_field', or to a format that says what changed",
    },
  );
}
