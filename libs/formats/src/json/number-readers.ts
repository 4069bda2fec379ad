import type { FloatColumn, IntColumn } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { scaledInteger } from '@weir/columnar/decimal-text.ts';
import type { JsonOptions } from './json-options.ts';
import type { ScanBuffer } from './scan-buffer.ts';
import { closingQuote } from './scan-string.ts';
import { endOfNumber } from './scan-value.ts';
import { ValueReader } from './value-reader.ts';

/** The least and the greatest value of an integer type. */
export function integerRange(bits: number, signed: boolean): { min: bigint; max: bigint } {
  return signed
    ? { min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n }
    : { min: 0n, max: (1n << BigInt(bits)) - 1n };
}

/** May a number stand in a string? DECIMAL may where the option says that it does. */
export function quotedNumber(type: SqlType, options: JsonOptions): boolean {
  return !options.strict || (type.kind === 'decimal' && options.decimalEncoding === 'string');
}

/** What a column of exact numbers takes: JSON numbers times 10^scale within [min, max]. */
export interface ExactNumber {
  readonly scale: number;
  /** Digits after the scale are an error, rather than rounded. */
  readonly exact: boolean;
  readonly min: bigint;
  readonly max: bigint;
}

export function exactNumberOf(type: SqlType): ExactNumber {
  if (type.kind === 'decimal') {
    const max = 10n ** BigInt(type.precision) - 1n;
    return { scale: type.scale, exact: false, min: -max, max };
  }
  const range = type.kind === 'integer' ? integerRange(type.bits, type.signed) : integerRange(64, true);
  return { scale: 0, exact: true, ...range };
}

export function asciiText(data: Uint8Array, start: number, end: number): string {
  return Buffer.from(data.buffer, data.byteOffset + start, end - start).toString('latin1');
}

const maxNumberBytes = 2048;

/**
 * The text of the number at `p`, which may stand between quotes (numbers as strings keep 64 bits in producers that only know doubles).
 * Sets `s.stop` to the position after it. Null when there is none.
 */
export function numberText(s: ScanBuffer, p: number): string | null {
  const { data, end } = s;
  if (data[p] === 0x22) {
    const close = closingQuote(s, p + 1);
    if (close < 0 || s.escaped || close - p > maxNumberBytes) return null;
    s.stop = close + 1;
    return asciiText(data, p + 1, close);
  }
  const after = endOfNumber(data, p, end);
  if (after < 0 || after - p > maxNumberBytes) return null;
  s.stop = after;
  return asciiText(data, p, after);
}

/** Integers and DECIMAL (unscaled). */
export class ExactReader extends ValueReader {
  readonly #rules: ExactNumber;
  readonly #min: number;
  readonly #max: number;
  readonly #power: number;
  readonly #column: IntColumn;
  readonly #quoted: boolean;

  /** `quoted`: the number may stand in a string. */
  constructor(builder: ColumnBuilder, nullable: boolean, quoted: boolean) {
    super(builder, nullable);
    this.#quoted = quoted;
    this.#rules = exactNumberOf(builder.type);
    this.#min = Number(this.#rules.min);
    this.#max = Number(this.#rules.max);
    this.#power = 10 ** this.#rules.scale;
    this.#column = builder.column as IntColumn;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const { data, end } = s;
    let at = p;
    const negative = data[at] === 0x2d;
    if (negative) at += 1;
    const first = at;
    let value = 0;
    while (at < end) {
      const digit = data[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at += 1;
    }
    const digits = at - first;
    const next = at < end ? data[at]! : 0;
    const whole = next !== 0x2e && (next | 0x20) !== 0x65;
    value *= this.#power;
    if (digits === 0 || digits > 15 || !whole || value > Number.MAX_SAFE_INTEGER) {
      return this.#readText(s, p, row);
    }
    if (digits > 1 && data[first] === 0x30) return -1;
    if (negative && value !== 0) value = -value;
    if (value < this.#min || value > this.#max) return -1;
    const column = this.#column;
    if (column.big === null) column.values[row] = value;
    else column.big[row] = BigInt(value);
    return at;
  }

  #readText(s: ScanBuffer, p: number, row: number): number {
    const text = s.data[p] === 0x22 && !this.#quoted ? null : numberText(s, p);
    if (text === null) return -1;
    const value = scaledInteger(text, this.#rules.scale, this.#rules.exact);
    if (value === null || value < this.#rules.min || value > this.#rules.max) return -1;
    this.builder.setInt(row, value);
    return s.stop;
  }
}

const exactPowersOfTen = Array.from({ length: 23 }, (_, power) => 10 ** power);
const floatText = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The double nearest to decimal text, or to `NaN`, `Infinity`, `-Infinity` (which stand in strings). Null: no number, or above the
 * largest, or, with `strict`, a number in a string.
 */
export function floatOf(text: string, quoted: boolean, strict: boolean): number | null {
  if (quoted) {
    if (text === 'NaN') return NaN;
    if (text === 'Infinity') return Infinity;
    if (text === '-Infinity') return -Infinity;
    if (strict) return null;
  }
  if (!floatText.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** FLOAT and DOUBLE. */
export class FloatReader extends ValueReader {
  readonly #single: boolean;
  readonly #strict: boolean;

  constructor(builder: ColumnBuilder, nullable: boolean, strict: boolean) {
    super(builder, nullable);
    this.#strict = strict;
    this.#single = builder.type.kind === 'float' && builder.type.bits === 32;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const after = this.#readShort(s, p, row);
    if (after >= 0) return after;
    const text = numberText(s, p);
    if (text === null) return -1;
    const value = floatOf(text, s.data[p] === 0x22, this.#strict);
    if (value === null || !this.#store(row, value)) return -1;
    return s.stop;
  }

  /** Up to 15 digits and a point, no exponent: mantissa and power of ten are both exact doubles, so one division rounds rightly. */
  #readShort(s: ScanBuffer, p: number, row: number): number {
    const { data, end } = s;
    let at = p;
    const negative = data[at] === 0x2d;
    if (negative) at += 1;
    const first = at;
    let mantissa = 0;
    let point = -1;
    for (; at < end; at += 1) {
      const c = data[at]!;
      if (c >= 0x30 && c <= 0x39) mantissa = mantissa * 10 + (c - 0x30);
      else if (c === 0x2e && point < 0) point = at;
      else break;
    }
    const wholeDigits = (point < 0 ? at : point) - first;
    const fractionDigits = point < 0 ? 0 : at - point - 1;
    if (wholeDigits === 0 || wholeDigits + fractionDigits > 15 || (point >= 0 && fractionDigits === 0))
      return -1;
    if (wholeDigits > 1 && data[first] === 0x30) return -1;
    if (at < end && (data[at]! | 0x20) === 0x65) return -1;
    const value = fractionDigits === 0 ? mantissa : mantissa / exactPowersOfTen[fractionDigits]!;
    return this.#store(row, negative ? -value : value) ? at : -1;
  }

  #store(row: number, value: number): boolean {
    const stored = this.#single ? Math.fround(value) : value;
    if (!Number.isFinite(stored) && Number.isFinite(value)) return false;
    (this.builder.column as FloatColumn).values[row] = stored;
    return true;
  }
}
