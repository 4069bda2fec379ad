import { rowKind } from '@weir/columnar/batch.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Decoder, RecordPart } from './decoder.ts';
import type { RecordDecoder } from './record-decoder.ts';
import type { SchemaIdentity } from './writer-schemas.ts';

/** Fills the columns of the key in rows that are there. */
type KeyRows = Pick<Decoder, 'decodeRows' | 'error' | 'missing'>;

/**
 * Records of a table whose rows take each other's place by the record's key: one without a value (a tombstone) deletes the row of its key. As RecordDecoder, and
 * a batch holds either rows or deletes: text of a column lies in one buffer.
 */
export class KeyedDecoder {
  error: WeirError | null = null;
  missing: SchemaIdentity | null = null;
  /** Every record makes a row. */
  readonly nullValues = 0;
  readonly #rows: RecordDecoder;
  readonly #keys: KeyRows;
  readonly #key: readonly number[];

  /** @param key columns of the PRIMARY KEY, which `keys` fills */
  constructor(rows: RecordDecoder, keys: KeyRows, key: readonly number[]) {
    this.#rows = rows;
    this.#keys = keys;
    this.#key = key;
  }

  decode(value: RecordPart, key: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.error = null;
    this.missing = null;
    const deletes = value.starts[from]! < 0;
    if (into.rowCount > 0 && deletes !== (into.rowKinds !== null)) return 0;
    let run = 1;
    while (run < count && value.starts[from + run]! < 0 === deletes) run += 1;
    if (deletes) return this.#decodeDeletes(key, from, Math.min(run, into.capacity - into.rowCount), into);
    const consumed = this.#rows.decode(value, key, from, run, into);
    this.error = this.#rows.error;
    this.missing = this.#rows.missing;
    return consumed;
  }

  #decodeDeletes(key: RecordPart, from: number, count: number, into: BatchBuilder): number {
    const firstRow = into.rowCount;
    const kinds = into.kinds();
    let end = from;
    for (; end < from + count && key.starts[end]! >= 0; end += 1) {
      const row = firstRow + (end - from);
      into.recordIndex[row] = end;
      kinds[row] = rowKind.delete;
      this.#clear(into, row);
    }
    const filled = this.#keys.decodeRows(key, into, firstRow, firstRow + (end - from));
    into.rowCount = firstRow + filled;
    if (filled < end - from) {
      this.error = this.#keys.error;
      this.missing = this.#keys.missing;
      return filled;
    }
    if (end < from + count) {
      this.error = new WeirError('WEIR-3103', 'the record has neither a value nor a key', {
        hint: "a delete is told by its key; 'bad_data' = 'drop' leaves such records out",
      });
    }
    return filled;
  }

  /** Of a row that goes only the key is known. */
  #clear(into: BatchBuilder, row: number): void {
    for (const [index, builder] of into.columns.entries()) {
      if (this.#key.includes(index)) continue;
      builder.setNull(row);
      const { column } = builder;
      if (column.kind === 'bytes') column.starts[row] = column.ends[row] = 0;
      else if (column.kind === 'int' || column.kind === 'float') column.values[row] = 0;
    }
  }
}
