import { rescale } from '@weir/columnar/decimal-scale.ts';
import { cutToPrecision, dateFromText, timeFromText, timestampFromText } from '@weir/columnar/time-text.ts';
import { booleanFromText } from '@weir/columnar/boolean-text.ts';
import { floatFromText } from '@weir/columnar/float-text.ts';
import { intervalFromText } from '@weir/columnar/interval-text.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, intType } from '@weir/columnar/sql-type.ts';
import type { Literal } from '@weir/plan/expression.ts';
import { maximumPrecision } from './numeric-types.ts';

export function literal(value: Literal['value'], type: SqlType): Literal {
  return { kind: 'literal', value, type, nullable: value === null };
}

export function nullLiteral(type: SqlType = { kind: 'null' }): Literal {
  return literal(null, type);
}

function isInteger64(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** Does a whole number lie in an integer type's range? */
export function fitsInteger(value: bigint, type: Extract<SqlType, { kind: 'integer' }>): boolean {
  const bits = BigInt(type.bits);
  if (!type.signed) return value >= 0n && value < 2n ** bits;
  return value >= -(2n ** (bits - 1n)) && value < 2n ** (bits - 1n);
}

/**
 * The type of digits as written, as in PostgreSQL and Flink: INT, else BIGINT, else DECIMAL; with a point DECIMAL of just these digits
 * (0.908 is DECIMAL(3, 3)); with an exponent DOUBLE.
 */
export function numberLiteral(text: string): Literal | undefined {
  if (/^0x/i.test(text)) return wholeLiteral(BigInt(text));
  if (/e/i.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? literal(value, { kind: 'float', bits: 64 }) : undefined;
  }
  const [whole = '', fraction = ''] = text.split('.');
  if (fraction === '') return wholeLiteral(BigInt(whole === '' ? '0' : whole));
  const unscaled = BigInt(whole + fraction);
  const significant = whole.replace(/^0+/, '').length;
  const precision = significant + fraction.length;
  if (precision > maximumPrecision) return literal(Number(text), { kind: 'float', bits: 64 });
  return literal(String(unscaled), { kind: 'decimal', precision, scale: fraction.length });
}

function wholeLiteral(value: bigint): Literal | undefined {
  if (value < 2n ** 31n) return literal(String(value), intType);
  if (isInteger64(value)) return literal(String(value), bigintType);
  const precision = String(value).length;
  if (precision > maximumPrecision) return literal(Number(value), { kind: 'float', bits: 64 });
  return literal(String(value), { kind: 'decimal', precision, scale: 0 });
}

/** An exact number as unscaled digits and a scale. */
interface Exact {
  readonly unscaled: bigint;
  readonly scale: number;
}

function parseExact(text: string): Exact | undefined {
  const match = /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text);
  if (match === null || `${match[2]}${match[3]}` === '') return undefined;
  const digits = BigInt(`${match[2]}${match[3]}`);
  const exponent = Number(match[4] ?? '0');
  const scale = (match[3] ?? '').length - exponent;
  const unscaled = scale < 0 ? digits * 10n ** BigInt(-scale) : digits;
  return { unscaled: match[1] === '-' ? -unscaled : unscaled, scale: Math.max(0, scale) };
}

/** A DECIMAL literal, or undefined when its digits don't fit. */
export function decimalLiteral(
  unscaled: bigint,
  scale: number,
  type: Extract<SqlType, { kind: 'decimal' }>,
): Literal | undefined {
  const value = rescale(unscaled, scale, type.scale);
  const magnitude = value < 0n ? -value : value;
  return magnitude < 10n ** BigInt(type.precision) ? literal(String(value), type) : undefined;
}

/** A constant of a type from its text, as CAST('…' AS type) reads it; undefined if the text is no such value. */
export function textToLiteral(text: string, type: SqlType): Literal | undefined {
  switch (type.kind) {
    case 'text':
      return literal(text, type);
    case 'boolean': {
      const value = booleanFromText(text);
      return value === null ? undefined : literal(value, type);
    }
    case 'integer': {
      if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined;
      const value = BigInt(text.trim().replace(/^\+/, ''));
      return fitsInteger(value, type) ? literal(String(value), type) : undefined;
    }
    case 'decimal': {
      const exact = parseExact(text);
      return exact === undefined ? undefined : decimalLiteral(exact.unscaled, exact.scale, type);
    }
    case 'float':
      return floatLiteral(text, type);
    case 'date':
      return wholeOrNone(dateFromText(text), type);
    case 'time':
      return timeLiteral(timeFromText(text), type);
    case 'timestamp':
      return timeLiteral(timestampFromText(text), type);
    case 'interval':
      return intervalLiteral(text, type);
    case 'json':
      return jsonLiteral(text, type);
    default:
      return undefined;
  }
}

function wholeOrNone(value: number | bigint | null, type: SqlType): Literal | undefined {
  return value === null ? undefined : literal(String(value), type);
}

function timeLiteral(
  value: number | bigint | null,
  type: Extract<SqlType, { kind: 'time' | 'timestamp' }>,
): Literal | undefined {
  return wholeOrNone(value === null ? null : cutToPrecision(value, type.precision), type);
}

function floatLiteral(text: string, type: Extract<SqlType, { kind: 'float' }>): Literal | undefined {
  const parsed = floatFromText(text);
  if (parsed === null) return undefined;
  if (!Number.isFinite(parsed)) return literal(String(parsed), type);
  const value = type.bits === 32 ? Math.fround(parsed) : parsed;
  return Number.isFinite(value) ? literal(value, type) : undefined;
}

function intervalLiteral(text: string, type: Extract<SqlType, { kind: 'interval' }>): Literal | undefined {
  const value = intervalFromText(text, type.unit);
  return value === null ? undefined : literal(String(value), type);
}

function jsonLiteral(text: string, type: SqlType): Literal | undefined {
  try {
    JSON.parse(text);
    return literal(text, type);
  } catch {
    return undefined;
  }
}
