import type { BoolColumn, BytesColumn, IntColumn } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { numberText } from './number-readers.ts';
import { decodeBase64 } from './base64.ts';
import { scaledInteger } from '@weir/columnar/decimal-text.ts';
import type { ScanBuffer } from './scan-buffer.ts';
import { readString } from './scan-string.ts';
import { microsPerDay, scanDate, scanTime, scanTimestamp } from './scan-time.ts';
import { afterFalse, afterTrue, skipValue } from './scan-value.ts';
import { ValueReader } from './value-reader.ts';

export class BooleanReader extends ValueReader {
  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const isTrue = s.data[p] === 0x74;
    (this.builder.column as BoolColumn).values[row] = isTrue ? 1 : 0;
    return isTrue ? afterTrue(s.data, p, s.end) : afterFalse(s.data, p, s.end);
  }
}

/** A column of type NULL: nothing but null. */
export class NullReader extends ValueReader {
  protected readValue(): number {
    return -1;
  }
}

export class TextReader extends ValueReader {
  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const after = readString(s, p);
    if (after < 0) return -1;
    const column = this.builder.column as BytesColumn;
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
    const after = scanDate(s, p + 1);
    if (after < 0 || after >= s.end || s.data[after] !== 0x22) return -1;
    this.builder.setInt(row, s.days);
    return after + 1;
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
    const after = scanTime(s, p + 1);
    if (after < 0 || after >= s.end || s.data[after] !== 0x22) return -1;
    this.builder.setInt(row, s.microsOfDay - (s.microsOfDay % this.#step));
    return after + 1;
  }
}

/** Microseconds of the last digit that a TIME or TIMESTAMP keeps; finer digits are cut off. */
export function precisionStep(builder: ColumnBuilder): number {
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
    const after = scanTimestamp(s, p);
    if (after < 0) return -1;
    const ofDay = s.microsOfDay - (((s.microsOfDay % this.#step) + this.#step) % this.#step);
    const micros = s.days * microsPerDay + ofDay;
    const column = this.builder.column as IntColumn;
    if (Number.isSafeInteger(micros) && column.big === null) column.values[row] = micros;
    else this.builder.setInt(row, BigInt(s.days) * BigInt(microsPerDay) + BigInt(ofDay));
    return after;
  }
}

/** What year 9999 ends with, in microseconds: timestamps as numbers beyond it are taken for a wrong unit. */
export const maxTimestampMicros = 253_402_300_799_999_999n;
export const minTimestampMicros = -62_167_219_200_000_000n;

/** TIMESTAMP as a number: milliseconds or microseconds since 1970. */
export class UnixTimeReader extends ValueReader {
  readonly #factor: bigint;
  readonly #step: bigint;

  constructor(builder: ColumnBuilder, nullable: boolean, microsPerUnit: number) {
    super(builder, nullable);
    this.#factor = BigInt(microsPerUnit);
    this.#step = BigInt(precisionStep(builder));
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const after = this.#readShort(s, p, row);
    if (after >= 0) return after;
    const text = numberText(s, p);
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
