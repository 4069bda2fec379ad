import { assert, present, unreachable } from '@weir/kernel/assert.ts';
import type { Batch } from './batch.ts';
import type { Column } from './column.ts';
import type { BatchBuilder, ColumnBuilder } from './column-builder.ts';
import type { SqlType } from './sql-type.ts';

/**
 * An SQL value as plain JavaScript, by column kind: bool boolean; int bigint (DECIMAL unscaled, DATE days, TIMESTAMP microseconds, …);
 * float number; TEXT and JSON string, BYTEA Uint8Array; struct and list array; map array of [key, value]. Slow: for tests, previews, fallbacks.
 */
export type PlainValue = null | boolean | bigint | number | string | Uint8Array | readonly PlainValue[];
export type PlainRow = readonly PlainValue[];

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value of one row of a column. */
export function plainValue(column: Column, row: number, type: SqlType): PlainValue {
  if (column.nulls !== null && column.nulls[row] === 1) return null;
  switch (column.kind) {
    case 'bool':
      return column.values[row] === 1;
    case 'int':
      return column.big === null
        ? BigInt(present(column.values[row], 'value'))
        : present(column.big[row], 'value');
    case 'float':
      return present(column.values[row], 'value');
    case 'bytes': {
      const bytes = column.data.subarray(column.starts[row], column.ends[row]);
      return type.kind === 'bytes' ? Uint8Array.from(bytes) : decoder.decode(bytes);
    }
    case 'struct':
      assert(type.kind === 'struct', 'a struct column has a struct type');
      return column.children.map((child, index) =>
        plainValue(child, row, present(type.fields[index], 'field').type),
      );
    case 'list':
      assert(type.kind === 'list', 'a list column has a list type');
      return range(column.offsets, row).map((at) => plainValue(column.element, at, type.element.type));
    case 'map':
      assert(type.kind === 'map', 'a map column has a map type');
      return range(column.offsets, row).map((at) => [
        plainValue(column.keys, at, type.key.type),
        plainValue(column.values, at, type.value.type),
      ]);
    default:
      return unreachable(column);
  }
}

function range(offsets: Int32Array, row: number): number[] {
  const start = present(offsets[row], 'offset');
  const end = present(offsets[row + 1], 'offset');
  return Array.from({ length: end - start }, (_, index) => start + index);
}

/** All rows of a batch. */
export function plainRows(batch: Batch): PlainRow[] {
  return Array.from({ length: batch.rowCount }, (_, row) =>
    batch.columns.map((column, index) =>
      plainValue(column, row, present(batch.schema.fields[index], 'field').type),
    ),
  );
}

/** Puts bytes where a bytes column's `data` is and returns where they start. */
export type BytesSink = (bytes: Uint8Array) => number;

/** Writes a plain value into a column under construction, at the row after those written so far. */
export function writePlainValue(
  builder: ColumnBuilder,
  row: number,
  value: PlainValue,
  sink: BytesSink,
): void {
  builder.reserve(row + 1);
  if (value === null) {
    builder.setNull(row);
    return;
  }
  const column = builder.column;
  switch (column.kind) {
    case 'bool':
      column.values[row] = value === true ? 1 : 0;
      return;
    case 'int':
      assert(typeof value === 'bigint', 'an exact number is a bigint');
      builder.setInt(row, value);
      return;
    case 'float':
      assert(typeof value === 'number', 'a float is a number');
      column.values[row] = value;
      return;
    case 'bytes': {
      assert(typeof value === 'string' || value instanceof Uint8Array, 'text or bytes');
      const bytes = typeof value === 'string' ? encoder.encode(value) : value;
      column.starts[row] = sink(bytes);
      column.ends[row] = (column.starts[row] ?? 0) + bytes.length;
      column.jsonPlain = false;
      return;
    }
    case 'struct':
      assert(Array.isArray(value), 'a struct is an array');
      builder.children.forEach((child, index) =>
        writePlainValue(child, row, (value as PlainRow)[index] ?? null, sink),
      );
      return;
    case 'list':
    case 'map':
      assert(Array.isArray(value), 'a list is an array');
      writeElements(builder, row, value as PlainRow, sink);
      return;
    default:
      unreachable(column);
  }
}

const encoder = new TextEncoder();

function writeElements(builder: ColumnBuilder, row: number, values: PlainRow, sink: BytesSink): void {
  const column = builder.column;
  assert(column.kind === 'list' || column.kind === 'map', 'a list or a map');
  let element = column.offsets[row] ?? 0;
  for (const value of values) {
    if (column.kind === 'list') writePlainValue(builder.child(0), element, value, sink);
    else {
      const [key, item] = value as PlainRow;
      writePlainValue(builder.child(0), element, key ?? null, sink);
      writePlainValue(builder.child(1), element, item ?? null, sink);
    }
    element += 1;
  }
  column.offsets[row + 1] = element;
}

/** Fills a builder with plain rows and returns the batch: for tests and VALUES lists. */
export function batchOfRows(builder: BatchBuilder, rows: readonly PlainRow[], partition = -1): Batch {
  builder.reset();
  let data = new Uint8Array(1024);
  let length = 0;
  const sink = (bytes: Uint8Array): number => {
    if (length + bytes.length > data.length) {
      const grown = new Uint8Array((length + bytes.length) * 2);
      grown.set(data.subarray(0, length));
      data = grown;
    }
    data.set(bytes, length);
    length += bytes.length;
    return length - bytes.length;
  };
  builder.reserve(rows.length);
  rows.forEach((row, index) => {
    builder.columns.forEach((column, field) => writePlainValue(column, index, row[field] ?? null, sink));
  });
  builder.rowCount = rows.length;
  for (const column of builder.columns) setData(column, data);
  return builder.batch(partition);
}

/** Sets the buffer that all bytes columns at or below a column point into. */
export function setData(builder: ColumnBuilder, data: Uint8Array): void {
  if (builder.column.kind === 'bytes') builder.column.data = data;
  for (const child of builder.children) setData(child, data);
}
