import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { BytesColumn } from '@weir/columnar/column.ts';
import { assert } from '@weir/kernel/assert.ts';
import { AvroProblem } from './avro-cursor.ts';

/** Bytes that the made values of a column may have in one batch: what they become is not bounded by what the records hold. */
const maxLength = 32 * 1024 * 1024;

/** A value for which a batch has no more room; where the batch holds nothing yet, it is too long for any. */
export class NoRoom extends AvroProblem {}

/**
 * The bytes of a column whose values aren't all slices of the records: names of symbols, JSON, defaults. A column has one buffer, so once one
 * value of a batch must be made, all of that column in that batch are copied into this one.
 */
export class OwnText {
  readonly builder: ColumnBuilder;
  /** Whether the column's slices are of `buffer`; else of the records. */
  active = false;
  buffer: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.buffer.buffer);
  /** Bytes used. */
  length = 0;
  /** What `length` was when the record being read began: what an unreadable one has appended is given back. */
  mark = 0;
  /** Columns around it, from the table's down: how many rows it has is in their offsets. */
  readonly #around: readonly ColumnBuilder[];

  constructor(builder: ColumnBuilder, around: readonly ColumnBuilder[]) {
    this.builder = builder;
    this.#around = around;
  }

  beginBatch(): void {
    this.active = false;
    this.length = 0;
  }

  /** Before values of row `rows` on are made. */
  activate(records: Uint8Array, rows: number): void {
    if (this.active) return;
    this.active = true;
    this.#take(records, 0, this.#elements(rows));
    this.mark = this.length;
  }

  /** After rows from .. to - 1 were filled with slices of the records. */
  adopt(records: Uint8Array, from: number, to: number): void {
    if (this.active) this.#take(records, this.#elements(from), this.#elements(to));
  }

  /** Makes room for so many bytes more. Throws NoRoom. */
  reserve(bytes: number): void {
    if (this.length + bytes > maxLength) throw new NoRoom(`its text takes more than ${maxLength} bytes`, 0);
    this.#grow(bytes);
  }

  #grow(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2, 1024));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }

  /** Throws NoRoom. */
  append(data: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    this.#put(data, start, end);
  }

  #put(data: Uint8Array, start: number, end: number): void {
    this.#grow(end - start);
    this.buffer.set(data.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** The column's buffer, for who reads it. */
  endCall(records: Uint8Array): void {
    const column = bytesOf(this.builder);
    column.data = this.active ? this.buffer : records;
    column.jsonPlain = false;
  }

  #take(records: Uint8Array, from: number, to: number): void {
    const { starts, ends } = bytesOf(this.builder);
    const { nullFlags } = this.builder;
    for (let row = from; row < to; row += 1) {
      if (nullFlags[row] === 1) {
        starts[row] = ends[row] = 0;
        continue;
      }
      const at = this.length;
      this.#put(records, starts[row]!, ends[row]!);
      starts[row] = at;
      ends[row] = this.length;
    }
  }

  #elements(rows: number): number {
    return this.#around.reduce((count, { column }) => {
      return column.kind === 'list' || column.kind === 'map' ? (column.offsets[count] ?? 0) : count;
    }, rows);
  }
}

export function bytesOf(builder: ColumnBuilder): BytesColumn {
  assert(builder.column.kind === 'bytes', 'a column of bytes');
  return builder.column;
}

/** One for each column of bytes at or below these. */
export function ownTextsOf(builders: readonly ColumnBuilder[]): ReadonlyMap<ColumnBuilder, OwnText> {
  const found = new Map<ColumnBuilder, OwnText>();
  const visit = (builder: ColumnBuilder, around: readonly ColumnBuilder[]): void => {
    if (builder.column.kind === 'bytes') found.set(builder, new OwnText(builder, around));
    for (const child of builder.children) visit(child, [...around, builder]);
  };
  for (const builder of builders) visit(builder, []);
  return found;
}
