import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { noRecord, type Encoder } from '../encoder.ts';
import { createJsonEncoder } from '../json/json-encoder.ts';
import type { JsonOptions } from '../json/json-options.ts';

const utf8 = new TextEncoder();
const beforeNothing = utf8.encode('{"before":null,"after":');
const before = utf8.encode('{"before":');
const after = utf8.encode(',"after":');
const created = utf8.encode(',"op":"c"}');
const updated = utf8.encode(',"op":"u"}');
const deleted = utf8.encode(',"after":null,"op":"d"}');
/** Of an envelope without its rows. */
const mostBytes = 48;

/**
 * Changes as Debezium tells them: `{"before":…,"after":…,"op":"c"}`. An update is one record: its old row, which stands just before the new one, waits for
 * that.
 */
export class DebeziumEncoder implements Encoder {
  readonly #rows: Encoder;
  #kinds: Uint8Array | null = null;

  constructor(schema: Schema, options: JsonOptions, columns: readonly number[]) {
    this.#rows = createJsonEncoder(schema, options, columns, 'key');
  }

  begin(batch: Batch): void {
    this.#kinds = batch.rowKinds;
    this.#rows.begin(batch);
  }

  bound(row: number): number {
    const own = mostBytes + this.#rows.bound(row);
    return this.#kindOf(row) === rowKind.updateAfter ? own + this.#rows.bound(row - 1) : own;
  }

  encode(row: number, target: Uint8Array, at: number): number {
    const rows = this.#rows;
    switch (this.#kindOf(row)) {
      case rowKind.updateBefore:
        return noRecord;
      case rowKind.updateAfter: {
        assert(row > 0 && this.#kindOf(row - 1) === rowKind.updateBefore, 'a new row follows its old one');
        const old = rows.encode(row - 1, target, put(before, target, at));
        return put(updated, target, rows.encode(row, target, put(after, target, old)));
      }
      case rowKind.delete:
        return put(deleted, target, rows.encode(row, target, put(before, target, at)));
      default:
        return put(created, target, rows.encode(row, target, put(beforeNothing, target, at)));
    }
  }

  #kindOf(row: number): number {
    return this.#kinds === null ? rowKind.insert : this.#kinds[row]!;
  }
}

function put(bytes: Uint8Array, target: Uint8Array, at: number): number {
  for (let index = 0; index < bytes.length; index += 1) target[at + index] = bytes[index]!;
  return at + bytes.length;
}
