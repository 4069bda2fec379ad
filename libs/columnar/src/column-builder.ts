import { assert, present, unreachable } from '@weir/kernel/assert.ts';
import { rowKind, type Batch } from './batch.ts';
import type { Column, IntColumn } from './column.ts';
import type { Field, Schema, SqlType } from './sql-type.ts';

/**
 * A column under construction. Its arrays are kept from batch to batch and only ever grow.
 *
 * Invariants:
 * B1 `nullFlags[i]` is 0 for every row at or after the builder's row count: who writes a row sets only what is NULL.
 * B2 `anyNull` is true when any row may be NULL; `column.nulls` is set by `finish` only.
 * B3 rows of a list's or map's children lie in the order of their parents; `offsets[row]` is set before row's elements are.
 */
export class ColumnBuilder {
  readonly type: SqlType;
  readonly column: Column;
  /** Struct: one a field. List: the element. Map: key, value. */
  readonly children: readonly ColumnBuilder[];
  nullFlags: Uint8Array;
  anyNull = false;
  capacity: number;
  #bigs: bigint[] = [];

  constructor(type: SqlType, capacity: number) {
    this.type = type;
    this.capacity = capacity;
    this.nullFlags = new Uint8Array(capacity);
    this.children = childTypes(type).map((child) => new ColumnBuilder(child, capacity));
    this.column = emptyColumn(
      type,
      capacity,
      this.children.map((child) => child.column),
    );
  }

  child(index: number): ColumnBuilder {
    return present(this.children[index], `child ${index} of a column`);
  }

  /** Makes room for `rows` rows. Arrays may be replaced: whoever holds them in locals reads them again. */
  reserve(rows: number): void {
    if (rows <= this.capacity) return;
    const capacity = Math.max(rows, this.capacity * 2);
    this.capacity = capacity;
    this.nullFlags = grownBytes(this.nullFlags, capacity);
    const column = this.column;
    switch (column.kind) {
      case 'bool':
        column.values = grownBytes(column.values, capacity);
        return;
      case 'int':
      case 'float':
        column.values = grownDoubles(column.values, capacity);
        return;
      case 'bytes':
        column.starts = grownInts(column.starts, capacity);
        column.ends = grownInts(column.ends, capacity);
        return;
      case 'struct':
        for (const child of this.children) child.reserve(rows);
        return;
      case 'list':
      case 'map':
        column.offsets = grownInts(column.offsets, capacity + 1);
        return;
      default:
        unreachable(column);
    }
  }

  /** Rows come in order: `row` is NULL, and so is all below it; lists below it are empty. */
  setNull(row: number): void {
    this.nullFlags[row] = 1;
    this.anyNull = true;
    const column = this.column;
    if (column.kind === 'int') {
      if (column.big !== null) column.big[row] = 0n;
    } else if (column.kind === 'struct') {
      for (const child of this.children) child.setNull(row);
    } else if (column.kind === 'list' || column.kind === 'map') {
      column.offsets[row + 1] = column.offsets[row] ?? 0;
    }
  }

  /** Turns an int column to bigints (C1): call before writing a value of more than 53 bits at `row`. */
  promote(row: number): bigint[] {
    const column = this.column;
    assert(column.kind === 'int', 'only int columns are promoted');
    if (column.big !== null) return column.big;
    const bigs = this.#bigs;
    for (let index = 0; index < row; index += 1) {
      const value = column.values[index] ?? 0;
      // Rows that are NULL hold anything.
      bigs[index] = Number.isSafeInteger(value) ? BigInt(value) : 0n;
    }
    column.big = bigs;
    return bigs;
  }

  /** Writes an exact number: a safe integer, or a bigint of any size. A number beyond 2^53 was rounded by whoever made it: a defect. */
  setInt(row: number, value: bigint | number): void {
    const column = this.column as IntColumn;
    if (typeof value === 'number') {
      // The text is made for a failure only: this is the way of every number of every row.
      if (!Number.isSafeInteger(value)) refuseRounded(value);
      if (column.big === null) {
        column.values[row] = value;
        return;
      }
    } else if (column.big === null && isSafe(value)) {
      column.values[row] = Number(value);
      return;
    }
    this.promote(row)[row] = BigInt(value);
  }

  /** Elements that the lists or maps of the first `rows` rows hold. */
  elementCount(rows: number): number {
    const column = this.column;
    return column.kind === 'list' || column.kind === 'map' ? (column.offsets[rows] ?? 0) : 0;
  }

  /** Forgets what was written of rows from `row` on, after a record that could not be read to its end. `written` bounds the rows touched. */
  undo(row: number, written: number): void {
    if (this.anyNull) this.nullFlags.fill(0, row, written);
    if (this.column.kind === 'struct') for (const child of this.children) child.undo(row, written);
    // Elements: their flags go from the last valid offset on; how many were written is not known, so all of them.
    if (this.column.kind === 'list' || this.column.kind === 'map') {
      const elements = this.column.offsets[row] ?? 0;
      for (const child of this.children) child.undo(elements, child.capacity);
    }
  }

  /** Sets what readers see for the first `rows` rows. */
  finish(rows: number): void {
    this.column.nulls = this.anyNull ? this.nullFlags : null;
    if (this.column.kind === 'struct') for (const child of this.children) child.finish(rows);
    if (this.column.kind === 'list' || this.column.kind === 'map') {
      const elements = this.elementCount(rows);
      for (const child of this.children) child.finish(elements);
    }
  }

  /** Starts over. `data` of bytes columns is let go of. */
  reset(): void {
    if (this.anyNull) this.nullFlags.fill(0);
    this.anyNull = false;
    const column = this.column;
    column.nulls = null;
    if (column.kind === 'int') column.big = null;
    if (column.kind === 'bytes') {
      column.data = noBytes;
      column.jsonPlain = true;
    }
    if (column.kind === 'list' || column.kind === 'map') column.offsets[0] = 0;
    for (const child of this.children) child.reset();
  }
}

/**
 * A batch under construction, used over and over: `reset`, write rows, `batch`. What `batch` returns is valid until the next `reset`.
 */
export class BatchBuilder {
  readonly schema: Schema;
  readonly columns: readonly ColumnBuilder[];
  rowCount = 0;
  /** For each row the index of the record it came from, as decoders were given it (for metadata columns and error messages). */
  recordIndex: Int32Array;
  /** What kind each row is; null: all are inserts. Set by `kinds`. */
  rowKinds: Uint8Array | null = null;
  #kinds: Uint8Array = new Uint8Array(0);
  #capacity: number;

  /** `capacity`: rows that decoders put into one batch at most. */
  constructor(schema: Schema, capacity = 4096) {
    this.schema = schema;
    this.#capacity = capacity;
    this.columns = schema.fields.map((field) => new ColumnBuilder(field.type, capacity));
    this.recordIndex = new Int32Array(capacity);
  }

  get capacity(): number {
    return this.#capacity;
  }

  column(index: number): ColumnBuilder {
    return present(this.columns[index], `column ${index}`);
  }

  reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = Math.max(rows, this.#capacity * 2);
    this.recordIndex = grownInts(this.recordIndex, this.#capacity);
    if (this.rowKinds !== null) this.rowKinds = this.#kinds = grownBytes(this.rowKinds, this.#capacity);
    for (const column of this.columns) column.reserve(this.#capacity);
  }

  /** The kinds of the rows, to be written for every row from now on; those so far are inserts. Read again after `reserve`. */
  kinds(): Uint8Array {
    if (this.rowKinds !== null) return this.rowKinds;
    if (this.#kinds.length < this.#capacity) this.#kinds = new Uint8Array(this.#capacity);
    this.#kinds.fill(rowKind.insert, 0, this.rowCount);
    return (this.rowKinds = this.#kinds);
  }

  /** Forgets the rows from `rows` on. */
  truncate(rows: number): void {
    if (rows >= this.rowCount) return;
    for (const column of this.columns) column.undo(rows, this.rowCount);
    this.rowCount = rows;
  }

  reset(): void {
    this.rowCount = 0;
    this.rowKinds = null;
    for (const column of this.columns) column.reset();
  }

  batch(partition = -1, rowKinds: Uint8Array | null = this.rowKinds): Batch {
    for (const column of this.columns) column.finish(this.rowCount);
    return {
      schema: this.schema,
      columns: this.columns.map((column) => column.column),
      rowCount: this.rowCount,
      rowKinds,
      partition,
    };
  }
}

const noBytes = new Uint8Array(0);
const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

function refuseRounded(value: number): void {
  assert(false, `${value} is no safe integer: what may lie beyond 2^53 is a bigint`);
}

function isSafe(value: bigint): boolean {
  return value <= maxSafe && value >= -maxSafe;
}

/** Types of a column's children, in the order in which `ColumnBuilder.children` holds them. */
export function childTypes(type: SqlType): readonly SqlType[] {
  switch (type.kind) {
    case 'struct':
      return type.fields.map((field: Field) => field.type);
    case 'list':
      return [type.element.type];
    case 'map':
      return [type.key.type, type.value.type];
    default:
      return [];
  }
}

function emptyColumn(type: SqlType, capacity: number, children: readonly Column[]): Column {
  switch (type.kind) {
    case 'null':
    case 'boolean':
      return { kind: 'bool', values: new Uint8Array(capacity), nulls: null };
    case 'integer':
    case 'decimal':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'interval':
      return { kind: 'int', values: new Float64Array(capacity), big: null, nulls: null };
    case 'float':
      return { kind: 'float', values: new Float64Array(capacity), nulls: null };
    case 'text':
    case 'bytes':
    case 'json':
      return {
        kind: 'bytes',
        data: noBytes,
        starts: new Int32Array(capacity),
        ends: new Int32Array(capacity),
        jsonPlain: true,
        nulls: null,
      };
    case 'struct':
      return { kind: 'struct', children: [...children], nulls: null };
    case 'list':
      return {
        kind: 'list',
        offsets: new Int32Array(capacity + 1),
        element: present(children[0], 'element of a list'),
        nulls: null,
      };
    case 'map':
      return {
        kind: 'map',
        offsets: new Int32Array(capacity + 1),
        keys: present(children[0], 'keys of a map'),
        values: present(children[1], 'values of a map'),
        nulls: null,
      };
    default:
      return unreachable(type);
  }
}

function grownBytes(old: Uint8Array, length: number): Uint8Array {
  const grown = new Uint8Array(length);
  grown.set(old);
  return grown;
}

function grownInts(old: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length);
  grown.set(old);
  return grown;
}

function grownDoubles(old: Float64Array, length: number): Float64Array {
  const grown = new Float64Array(length);
  grown.set(old);
  return grown;
}
