import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { assert } from '@weir/kernel/assert.ts';
import { noRecord, type Encoder } from '../encoder.ts';

/** How a change stands in a record. */
export interface ChangeLayout {
  /** In their order: bytes that are always the same, and what differs. */
  readonly parts: readonly (Uint8Array | 'before' | 'after' | 'op')[];
  /** A row that isn't there, and what stands before one that is. */
  readonly noRow: Uint8Array;
  readonly rowHead: Uint8Array;
  readonly created: Uint8Array;
  readonly updated: Uint8Array;
  readonly deleted: Uint8Array;
}

/**
 * Changes as Debezium tells them: the row before, the row after, and which kind of change it is. An update is one record: its old row, which stands just
 * before the new one, waits for that.
 */
export class DebeziumEncoder implements Encoder {
  readonly #rows: Encoder;
  readonly #layout: ChangeLayout;
  /** Bytes of a record without its rows, at most. */
  readonly #most: number;
  #kinds: Uint8Array | null = null;

  /** @param rows writes a row, whatever its kind */
  constructor(rows: Encoder, layout: ChangeLayout) {
    const { parts, noRow, rowHead, created, updated, deleted } = layout;
    const lengths = parts.map((part) => (part instanceof Uint8Array ? part.length : 0));
    this.#rows = rows;
    this.#layout = layout;
    this.#most =
      lengths.reduce((sum, length) => sum + length, 0) +
      2 * Math.max(noRow.length, rowHead.length) +
      Math.max(created.length, updated.length, deleted.length);
  }

  begin(batch: Batch): void {
    this.#kinds = batch.rowKinds;
    this.#rows.begin(batch);
  }

  bound(row: number): number {
    const own = this.#most + this.#rows.bound(row);
    return this.#kindOf(row) === rowKind.updateAfter ? own + this.#rows.bound(row - 1) : own;
  }

  encode(row: number, target: Uint8Array, at: number): number {
    const { created, updated, deleted } = this.#layout;
    switch (this.#kindOf(row)) {
      case rowKind.updateBefore:
        return noRecord;
      case rowKind.updateAfter:
        assert(row > 0 && this.#kindOf(row - 1) === rowKind.updateBefore, 'a new row follows its old one');
        return this.#change(row - 1, row, updated, target, at);
      case rowKind.delete:
        return this.#change(row, -1, deleted, target, at);
      default:
        return this.#change(-1, row, created, target, at);
    }
  }

  /** @param before -1: no row, as `after` */
  #change(before: number, after: number, op: Uint8Array, target: Uint8Array, at: number): number {
    for (const part of this.#layout.parts) {
      if (part === 'before') at = this.#row(before, target, at);
      else if (part === 'after') at = this.#row(after, target, at);
      else at = put(part === 'op' ? op : part, target, at);
    }
    return at;
  }

  #row(row: number, target: Uint8Array, at: number): number {
    const { noRow, rowHead } = this.#layout;
    return row < 0 ? put(noRow, target, at) : this.#rows.encode(row, target, put(rowHead, target, at));
  }

  #kindOf(row: number): number {
    return this.#kinds === null ? rowKind.insert : this.#kinds[row]!;
  }
}

function put(bytes: Uint8Array, target: Uint8Array, at: number): number {
  for (let index = 0; index < bytes.length; index += 1) target[at + index] = bytes[index]!;
  return at + bytes.length;
}
