import { booleanFromText } from '@weir/columnar/boolean-text.ts';
import { microsPerDay } from '@weir/columnar/civil-calendar.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { scaledInteger } from '@weir/columnar/decimal-text.ts';
import { floatFromText } from '@weir/columnar/float-text.ts';
import { intervalFromText } from '@weir/columnar/interval-text.ts';
import { assert } from '@weir/kernel/assert.ts';
import { asciiText, ExactReader, exactNumberOf, FloatReader } from '../json/number-readers.ts';
import type { ScanBuffer } from '../json/scan-buffer.ts';

/** Reads the text from `start` to `end` (spaces around it left out) into a row. False: it is no such value. */
export type ReadText = (s: ScanBuffer, start: number, end: number, row: number) => boolean;

/** Bytes of a text that is made into a string, at most: no value of a number, a word or a time is longer. */
const longestText = 2048;

/**
 * The reader of a column of numbers, words or times from text, as CAST reads it. Null for types whose values are bytes, and for those that
 * hold others.
 */
export function valueFromText(builder: ColumnBuilder): ReadText | null {
  switch (builder.type.kind) {
    case 'boolean':
      return booleanReader(builder);
    case 'integer':
    case 'decimal':
      return exactReader(builder);
    case 'float':
      return floatReader(builder);
    case 'date':
    case 'time':
    case 'timestamp':
      return timeReader(builder);
    case 'interval': {
      const { unit } = builder.type;
      return fromString((text) => intervalFromText(text, unit), builder);
    }
    default:
      return null;
  }
}

/** Of text that is rare or short: made into a string first. */
function fromString(parse: (text: string) => bigint | number | null, builder: ColumnBuilder): ReadText {
  return (s, start, end, row) => {
    if (end - start > longestText) return false;
    const value = parse(asciiText(s.data, start, end));
    if (value === null) return false;
    builder.setInt(row, value);
    return true;
  };
}

function booleanReader({ column }: ColumnBuilder): ReadText {
  assert(column.kind === 'bool', 'a column of booleans');
  return (s, start, end, row) => {
    if (end - start > longestText) return false;
    const value = booleanFromText(asciiText(s.data, start, end));
    if (value === null) return false;
    column.values[row] = value ? 1 : 0;
    return true;
  };
}

function exactReader(builder: ColumnBuilder): ReadText {
  const { scale, exact, min, max } = exactNumberOf(builder.type);
  const digits = new ExactReader(builder, false, false);
  const other = fromString((text) => {
    const value = scaledInteger(text, scale, exact);
    return value === null || value < min || value > max ? null : value;
  }, builder);
  return (s, start, end, row) => {
    s.end = end;
    return digits.read(s, start, row) === end || other(s, start, end, row);
  };
}

function floatReader(builder: ColumnBuilder): ReadText {
  const { column, type } = builder;
  assert(column.kind === 'float' && type.kind === 'float', 'a column of floats');
  const single = type.bits === 32;
  const digits = new FloatReader(builder, false, true);
  return (s, start, end, row) => {
    s.end = end;
    if (digits.read(s, start, row) === end) return true;
    if (end - start > longestText) return false;
    const value = floatFromText(asciiText(s.data, start, end));
    if (value === null) return false;
    const stored = single ? Math.fround(value) : value;
    if (!Number.isFinite(stored) && Number.isFinite(value)) return false;
    column.values[row] = stored;
    return true;
  };
}

/** Digits of the second that the type doesn't keep are cut off. */
function timeReader(builder: ColumnBuilder): ReadText {
  const { type } = builder;
  if (type.kind === 'date') {
    return (s, start, end, row) => {
      if (s.time.date(s.data, start, end) !== end) return false;
      builder.setInt(row, s.time.days);
      return true;
    };
  }
  assert(type.kind === 'time' || type.kind === 'timestamp', 'a column of times');
  const step = 10 ** (6 - Math.min(6, type.precision));
  if (type.kind === 'time') {
    return (s, start, end, row) => {
      if (s.time.time(s.data, start, end) !== end) return false;
      builder.setInt(row, s.time.microsOfDay - (s.time.microsOfDay % step));
      return true;
    };
  }
  return (s, start, end, row) => {
    if (s.time.timestamp(s.data, start, end) !== end) return false;
    const { days, microsOfDay } = s.time;
    const ofDay = microsOfDay - (((microsOfDay % step) + step) % step);
    const micros = days * microsPerDay + ofDay;
    builder.setInt(
      row,
      Number.isSafeInteger(micros) ? micros : BigInt(days) * BigInt(microsPerDay) + BigInt(ofDay),
    );
    return true;
  };
}
