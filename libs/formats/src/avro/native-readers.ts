import { powerOfTen } from '@weir/columnar/decimal-scale.ts';
import { decimalText } from '@weir/columnar/decimal-text.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { AvroCursor } from './avro-cursor.ts';
import { unscaledOf } from './avro-decimal.ts';
import { bytesOf } from './own-text.ts';
import type { Conversion } from './read-step.ts';
import { uuidText } from './uuid-text.ts';
import type { ReadValue, TextColumns } from './read-value.ts';

export function scalarReader(conversion: Conversion, builder: ColumnBuilder, texts: TextColumns): ReadValue {
  switch (conversion.to) {
    case 'boolean': {
      const { column } = builder;
      assert(column.kind === 'bool', 'a column of booleans');
      return (cursor, row) => {
        column.values[row] = cursor.boolean() ? 1 : 0;
      };
    }
    case 'exact':
      return exactReader(conversion, builder);
    case 'float':
      return floatReader(conversion, builder);
    case 'decimal':
      return decimalReader(conversion, builder);
    case 'text':
      return bytesReader(builder, texts, (cursor) => cursor.text());
    case 'bytes': {
      const { size } = conversion;
      return bytesReader(builder, texts, (cursor) => (size < 0 ? cursor.sized() : cursor.skip(size)));
    }
    case 'uuid':
      return uuidReader(builder, texts);
  }
}

function exactReader(to: Extract<Conversion, { to: 'exact' }>, builder: ColumnBuilder): ReadValue {
  const store = exactStore(to, builder);
  return to.from === 'int'
    ? (cursor, row) => store(cursor, cursor.int(), row)
    : (cursor, row) => store(cursor, cursor.long(), row);
}

/** Puts a number that was read into a row: scaled, and an error of the record where that is out of range. */
export function exactStore(
  { times: factor, over, unit, min, max, what }: Extract<Conversion, { to: 'exact' }>,
  builder: ColumnBuilder,
): (cursor: { fail(message: string): never }, value: number | bigint, row: number) => void {
  const [times, least, greatest] = [Number(factor), Number(min), Number(max)];
  return (cursor, value, row) => {
    // Exact where the product is: a factor that a double rounds takes anything but 0 beyond 2^53.
    const product = typeof value === 'number' ? value * times : NaN;
    if (Number.isSafeInteger(product)) {
      let result = over === 1 ? product : Math.floor(product / over);
      if (unit !== 1) result -= ((result % unit) + unit) % unit;
      if (result < least || result > greatest) cursor.fail(`${value} is out of range for ${what}`);
      builder.setInt(row, result);
      return;
    }
    let result = divideDown(BigInt(value) * factor, BigInt(over));
    if (unit !== 1) result = divideDown(result, BigInt(unit)) * BigInt(unit);
    if (result < min || result > max) cursor.fail(`${value} is out of range for ${what}`);
    builder.setInt(row, result);
  };
}

function divideDown(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}

function floatReader(to: Extract<Conversion, { to: 'float' }>, builder: ColumnBuilder): ReadValue {
  const { column } = builder;
  assert(column.kind === 'float', 'a column of floats');
  const read = floatFrom(to.from);
  return (cursor, row) => {
    const value = read(cursor);
    column.values[row] = to.single ? Math.fround(value) : value;
  };
}

function floatFrom(from: 'int' | 'long' | 'float' | 'double'): (cursor: AvroCursor) => number {
  if (from === 'float') return (cursor) => cursor.float();
  if (from === 'double') return (cursor) => cursor.double();
  return from === 'int' ? (cursor) => cursor.int() : (cursor) => Number(cursor.long());
}

function decimalReader(to: Extract<Conversion, { to: 'decimal' }>, builder: ColumnBuilder): ReadValue {
  const { size, fromScale, scale, min, max, what } = to;
  const same = fromScale === scale;
  const least = Number(min);
  const greatest = Number(max);
  return (cursor, row) => {
    const start = size < 0 ? cursor.sized() : cursor.skip(size);
    const unscaled = unscaledOf(cursor.data, start, cursor.at);
    if (unscaled === null) return cursor.fail(`a decimal has too many digits for ${what}`);
    if (same && typeof unscaled === 'number' && unscaled >= least && unscaled <= greatest) {
      builder.setInt(row, unscaled);
      return;
    }
    const value = rescaled(BigInt(unscaled), fromScale, scale);
    if (value === null || value > max || value < min) {
      return cursor.fail(`${decimalText(BigInt(unscaled), fromScale)} doesn't fit ${what} exactly`);
    }
    builder.setInt(row, value);
  };
}

/** Null when digits would be lost. */
function rescaled(unscaled: bigint, from: number, to: number): bigint | null {
  if (to >= from) return unscaled * powerOfTen(to - from);
  const divisor = powerOfTen(from - to);
  return unscaled % divisor === 0n ? unscaled / divisor : null;
}

/** @param read moves behind the value and returns where its bytes begin */
function bytesReader(
  builder: ColumnBuilder,
  texts: TextColumns,
  read: (cursor: AvroCursor) => number,
): ReadValue {
  const column = bytesOf(builder);
  if (!texts.made.has(builder)) {
    return (cursor, row) => {
      column.starts[row] = read(cursor);
      column.ends[row] = cursor.at;
    };
  }
  const own = texts.own.get(builder);
  assert(own !== undefined, 'each column of bytes has one');
  return (cursor, row) => {
    const start = read(cursor);
    column.starts[row] = own.length;
    own.append(cursor.data, start, cursor.at);
    column.ends[row] = own.length;
  };
}

function uuidReader(builder: ColumnBuilder, texts: TextColumns): ReadValue {
  const column = bytesOf(builder);
  const own = texts.own.get(builder);
  assert(own !== undefined, 'each column of bytes has one');
  return (cursor, row) => {
    const text = Buffer.from(uuidText(cursor.data, cursor.skip(16)));
    column.starts[row] = own.length;
    own.append(text, 0, text.length);
    column.ends[row] = own.length;
  };
}
