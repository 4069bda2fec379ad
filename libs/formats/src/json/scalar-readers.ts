import { booleanFromText } from '@weir/columnar/boolean-text.ts';
import { microsPerDay } from '@weir/columnar/civil-calendar.ts';
import type { BoolColumn, BytesColumn, IntColumn } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { asciiText, numberText } from './number-readers.ts';
import { decodeBase64 } from './base64.ts';
import { scaledInteger } from '@weir/columnar/decimal-text.ts';
import { intervalFromText } from '@weir/columnar/interval-text.ts';
import type { ScanBuffer } from './scan-buffer.ts';
import { closingQuote, readString } from './scan-string.ts';
import { afterFalse, afterTrue, endOfNumber, skipValue } from './scan-value.ts';
import { ValueReader } from './value-reader.ts';

/** BOOLEAN: true and false; unless `strict`, also the numbers 1 and 0 and the words of CAST in a string. */
const utf8 = new TextDecoder();

export class BooleanReader extends ValueReader {
  readonly #strict: boolean;

  constructor(builder: ColumnBuilder, nullable: boolean, strict: boolean) {
    super(builder, nullable);
    this.#strict = strict;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const first = s.data[p]!;
    if (first !== 0x74 && first !== 0x66) return this.#strict ? -1 : this.#readOther(s, p, row);
    const isTrue = first === 0x74;
    (this.builder.column as BoolColumn).values[row] = isTrue ? 1 : 0;
    return isTrue ? afterTrue(s.data, p, s.end) : afterFalse(s.data, p, s.end);
  }

  #readOther(s: ScanBuffer, p: number, row: number): number {
    const value = s.data[p] === 0x22 ? quotedBoolean(s, p) : numericBoolean(s, p);
    if (value === null) return -1;
    (this.builder.column as BoolColumn).values[row] = value ? 1 : 0;
    return s.stop;
  }
}

/** A word in quotes; sets `s.stop` to the position after it. Escapes are left to the plain reader. */
function quotedBoolean(s: ScanBuffer, p: number): boolean | null {
  const close = closingQuote(s, p + 1);
  if (close < 0 || s.escaped) return null;
  s.stop = close + 1;
  if (afterTrue(s.data, p + 1, s.end) === close) return true;
  if (afterFalse(s.data, p + 1, s.end) === close) return false;
  return booleanFromText(Buffer.from(s.data.buffer, s.data.byteOffset + p + 1, close - p - 1).toString());
}

/** 1 or 0; sets `s.stop` to the position after it. */
function numericBoolean(s: ScanBuffer, p: number): boolean | null {
  const after = endOfNumber(s.data, p, s.end);
  if (after < 0) return null;
  s.stop = after;
  if (after === p + 1) return booleanOfNumber(s.data[p]! - 0x30);
  return booleanOfNumber(Number(asciiText(s.data, p, after)));
}

/** What a JSON number says in a BOOLEAN column; null for others than 1 and 0. */
export function booleanOfNumber(value: number): boolean | null {
  return value === 1 ? true : value === 0 ? false : null;
}

/** A column of type NULL: nothing but null. */
export class NullReader extends ValueReader {
  protected readValue(): number {
    return -1;
  }
}

/** TEXT: a string; unless `strict`, also the JSON text of any other value, as it stands in the record. */
export class TextReader extends ValueReader {
  readonly #strict: boolean;
  readonly #depth: number;

  constructor(builder: ColumnBuilder, nullable: boolean, strict: boolean, depth: number) {
    super(builder, nullable);
    this.#strict = strict;
    this.#depth = depth;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const column = this.builder.column as BytesColumn;
    if (s.data[p] !== 0x22 && !this.#strict) {
      const end = skipValue(s, p, this.#depth);
      column.starts[row] = p;
      column.ends[row] = end;
      column.jsonPlain = false;
      return end;
    }
    const after = readString(s, p);
    if (after < 0) return -1;
    column.starts[row] = s.start;
    column.ends[row] = s.stop;
    if (!s.plain) column.jsonPlain = false;
    return after;
  }
}

/** BYTEA: base64 in a string. */
export class BytesReader extends ValueReader {
  protected readValue(s: ScanBuffer, p: number, row: number): number {
    if (s.tail < 0) {
      s.needsSlack = true;
      return -1;
    }
    const after = readString(s, p);
    if (after < 0) return -1;
    const start = s.tail;
    const tail = decodeBase64(s.data, s.start, s.stop, start);
    if (tail < 0) return -1;
    s.tail = tail;
    const column = this.builder.column as BytesColumn;
    column.starts[row] = start;
    column.ends[row] = tail;
    column.jsonPlain = false;
    return after;
  }
}

/** JSON: the value's own text. */
export class JsonReader extends ValueReader {
  readonly #depth: number;

  constructor(builder: ColumnBuilder, nullable: boolean, depth: number) {
    super(builder, nullable);
    this.#depth = depth;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const after = skipValue(s, p, this.#depth);
    const column = this.builder.column as BytesColumn;
    column.starts[row] = p;
    column.ends[row] = after;
    column.jsonPlain = false;
    return after;
  }
}

export class DateReader extends ValueReader {
  protected readValue(s: ScanBuffer, p: number, row: number): number {
    if (s.data[p] !== 0x22) return -1;
    const after = s.time.date(s.data, p + 1, s.end);
    if (after < 0 || after >= s.end || s.data[after] !== 0x22) return -1;
    this.builder.setInt(row, s.time.days);
    return after + 1;
  }
}

/** INTERVAL: text as CAST reads it. */
export class IntervalReader extends ValueReader {
  readonly #unit: 'months' | 'micros';

  constructor(builder: ColumnBuilder, nullable: boolean, unit: 'months' | 'micros') {
    super(builder, nullable);
    this.#unit = unit;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const after = readString(s, p);
    if (after < 0) return -1;
    const text = utf8.decode(s.data.subarray(s.start, s.stop));
    const value = intervalFromText(text, this.#unit);
    if (value === null) return -1;
    this.builder.setInt(row, value);
    return after;
  }
}

export class TimeReader extends ValueReader {
  readonly #step: number;

  constructor(builder: ColumnBuilder, nullable: boolean) {
    super(builder, nullable);
    this.#step = precisionStep(builder);
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    if (s.data[p] !== 0x22) return -1;
    const after = s.time.time(s.data, p + 1, s.end);
    if (after < 0 || after >= s.end || s.data[after] !== 0x22) return -1;
    this.builder.setInt(row, s.time.microsOfDay - (s.time.microsOfDay % this.#step));
    return after + 1;
  }
}

/** Microseconds of the last digit that a TIME or TIMESTAMP keeps; finer digits are cut off. */
function precisionStep(builder: ColumnBuilder): number {
  const type = builder.type;
  const precision = type.kind === 'timestamp' || type.kind === 'time' ? type.precision : 6;
  return 10 ** (6 - Math.min(6, precision));
}

/** TIMESTAMP as text. */
export class TimestampReader extends ValueReader {
  readonly #step: number;

  constructor(builder: ColumnBuilder, nullable: boolean) {
    super(builder, nullable);
    this.#step = precisionStep(builder);
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    if (s.data[p] !== 0x22) return -1;
    const after = s.time.timestamp(s.data, p + 1, s.end);
    if (after < 0 || after >= s.end || s.data[after] !== 0x22) return -1;
    const { days, microsOfDay } = s.time;
    const ofDay = microsOfDay - (((microsOfDay % this.#step) + this.#step) % this.#step);
    const micros = days * microsPerDay + ofDay;
    const column = this.builder.column as IntColumn;
    if (Number.isSafeInteger(micros) && column.big === null) column.values[row] = micros;
    else this.builder.setInt(row, BigInt(days) * BigInt(microsPerDay) + BigInt(ofDay));
    return after + 1;
  }
}

/** What year 9999 ends with, in microseconds: timestamps as numbers beyond it are taken for a wrong unit. */
export const maxTimestampMicros = 253_402_300_799_999_999n;
export const minTimestampMicros = -62_167_219_200_000_000n;

/** TIMESTAMP as a number: milliseconds or microseconds since 1970. */
export class UnixTimeReader extends ValueReader {
  readonly #factor: bigint;
  readonly #step: bigint;
  readonly #strict: boolean;

  constructor(builder: ColumnBuilder, nullable: boolean, microsPerUnit: number, strict: boolean) {
    super(builder, nullable);
    this.#strict = strict;
    this.#factor = BigInt(microsPerUnit);
    this.#step = BigInt(precisionStep(builder));
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const after = this.#readShort(s, p, row);
    if (after >= 0) return after;
    const text = this.#strict && s.data[p] === 0x22 ? null : numberText(s, p);
    const units = text === null ? null : scaledInteger(text, 0, true);
    if (units === null) return -1;
    const micros = units * this.#factor;
    if (micros > maxTimestampMicros || micros < minTimestampMicros) return -1;
    const past = ((micros % this.#step) + this.#step) % this.#step;
    this.builder.setInt(row, micros - past);
    return s.stop;
  }

  /** A whole number after 1970 of up to 15 digits. */
  #readShort(s: ScanBuffer, p: number, row: number): number {
    const { data, end } = s;
    const first = p;
    let units = 0;
    for (; p < end; p += 1) {
      const digit = data[p]! - 0x30;
      if (digit < 0 || digit > 9) break;
      units = units * 10 + digit;
    }
    const next = p < end ? data[p]! : 0;
    if (p === first || p - first > 15 || next === 0x2e || (next | 0x20) === 0x65) return -1;
    if (p - first > 1 && data[first] === 0x30) return -1;
    const micros = units * Number(this.#factor);
    if (micros > Number.MAX_SAFE_INTEGER) return -1;
    this.builder.setInt(row, micros - (micros % Number(this.#step)));
    return p;
  }
}
