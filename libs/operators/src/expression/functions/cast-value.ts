import { booleanFromText } from '@weir/columnar/boolean-text.ts';
import { floatFromText } from '@weir/columnar/float-text.ts';
import { intervalFromText } from '@weir/columnar/interval-text.ts';
import { microsPerDay } from '@weir/columnar/civil-calendar.ts';
import { cutToPrecision, dateFromText, timeFromText, timestampFromText } from '@weir/columnar/time-text.ts';
import { sameType, type SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { rangeOf } from '../value.ts';
import { splitTimestamp } from './calendar.ts';
import { divideRounded, powerOfTen, rescale } from '@weir/columnar/decimal-scale.ts';
import { lower, multiplyAdd, parseDecimal, type Exact } from './exact.ts';
import { formatFloat, formatPhysical } from './format-value.ts';
import { parseInteger } from './parse-value.ts';
import type { RowValue } from './runtime-function.ts';

type Cast = (value: never) => RowValue;

/** The cast between two types, of a value that isn't NULL; null for a value that the target doesn't have. Refuses pairs that SQL doesn't cast. */
export function castBetween(from: SqlType, to: SqlType): (value: never) => RowValue {
  if (sameType(from, to)) return (value: RowValue) => value;
  const cast = castTo(from, to);
  if (cast === null) {
    throw new WeirError('WEIR-2306', `cannot cast ${formatType(from)} to ${formatType(to)}`, {
      hint: 'cast to TEXT first, if its text form is meant',
    });
  }
  return cast;
}

function castTo(from: SqlType, to: SqlType): Cast | null {
  if (from.kind === 'null') return () => null;
  switch (to.kind) {
    case 'text':
      return toText(from);
    case 'integer':
      return toInteger(from, to);
    case 'decimal':
      return toDecimal(from, to);
    case 'float':
      return toFloat(from, to.bits);
    case 'boolean':
      if (from.kind === 'text') return booleanFromText;
      return from.kind === 'integer' ? (value: Exact) => Number(value) !== 0 : null;
    case 'bytes':
      if (from.kind === 'text') return parseBytes;
      return null;
    case 'json':
      return toJson(from);
    case 'date':
      if (from.kind === 'text') return dateFromText;
      return from.kind === 'timestamp' ? (value: Exact) => splitTimestamp(value).days : null;
    case 'time':
      return toTime(from, to.precision);
    case 'timestamp':
      return toTimestamp(from, to);
    case 'interval':
      if (from.kind === 'interval') return null;
      return from.kind === 'text'
        ? (text: string) => {
            const value = intervalFromText(text, to.unit);
            return value === null ? null : lower(value);
          }
        : null;
    default:
      return null;
  }
}

function inRange(type: SqlType): (value: Exact) => Exact | null {
  const { min, max } = rangeOf(type);
  return (value) => (value < min || value > max ? null : value);
}

function toInteger(from: SqlType, to: SqlType): Cast | null {
  const fit = inRange(to);
  switch (from.kind) {
    case 'integer':
      return fit;
    case 'boolean':
      return (value: boolean) => (value ? 1 : 0);
    case 'text':
      return (text: string) => {
        const value = parseInteger(text);
        return value === null ? null : fit(value);
      };
    case 'json':
      return (text: string) => {
        const value = parseInteger(text);
        return value === null ? null : fit(value);
      };
    case 'float':
      return (value: number) => (Number.isFinite(value) ? fit(lower(BigInt(roundHalfEven(value)))) : null);
    case 'decimal': {
      const divisor = powerOfTen(from.scale);
      return (value: Exact) => fit(lower(divideRounded(BigInt(value), divisor)));
    }
    default:
      return null;
  }
}

/** PostgreSQL rounds a DOUBLE to the nearest even integer when it lies half-way. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value) + 0;
  return (floor % 2 === 0 ? floor : floor + 1) + 0;
}

function toDecimal(from: SqlType, to: Extract<SqlType, { kind: 'decimal' }>): Cast | null {
  const fit = inRange(to);
  const parse = (text: string): Exact | null => {
    const value = parseDecimal(text, to.scale);
    return value === null ? null : fit(lower(value));
  };
  switch (from.kind) {
    case 'integer':
      return (value: Exact) => fit(lower(BigInt(value) * powerOfTen(to.scale)));
    case 'boolean':
      return (value: boolean) => fit(lower(value ? powerOfTen(to.scale) : 0n));
    case 'decimal':
      return (value: Exact) => fit(lower(rescale(BigInt(value), from.scale, to.scale)));
    case 'float':
      return (value: number) => (Number.isFinite(value) ? parse(formatFloat(value, from.bits)) : null);
    case 'text':
    case 'json':
      return parse;
    default:
      return null;
  }
}

/** A FLOAT; null for a finite value beyond its range. */
function toSingle(value: number): number | null {
  const single = Math.fround(value);
  return Number.isFinite(single) || !Number.isFinite(value) ? single : null;
}

function toFloat(from: SqlType, bits: 32 | 64): Cast | null {
  const fit = bits === 32 ? toSingle : (value: number) => value;
  switch (from.kind) {
    case 'integer':
      return (value: Exact) => fit(Number(value));
    case 'float':
      return fit;
    case 'boolean':
      return (value: boolean) => (value ? 1 : 0);
    case 'decimal':
      return (value: Exact) => fit(decimalToFloat(value, from.scale));
    case 'text':
    case 'json':
      return (text: string) => {
        const value = floatFromText(text);
        return value === null ? null : fit(value);
      };
    default:
      return null;
  }
}

/** The nearest double: safe integers over a power of ten that is exact are rounded once, all others go through text. */
export function decimalToFloat(value: Exact, scale: number): number {
  if (typeof value === 'number' && scale <= 22) return value / 10 ** scale;
  return Number(`${value}e-${scale}`);
}

function toText(from: SqlType): Cast | null {
  switch (from.kind) {
    case 'boolean':
      return (value: boolean) => (value ? 'true' : 'false');
    case 'float':
      return (value: number) => formatFloat(value, from.bits);
    case 'json':
      return (value: string) => value;
    case 'bytes':
      return (value: Uint8Array) => `\\x${Buffer.from(value).toString('hex')}`;
    case 'struct':
    case 'list':
    case 'map':
      return null;
    default:
      return (value: Exact) => formatPhysical(value, from);
  }
}

function toJson(from: SqlType): Cast | null {
  if (from.kind === 'text') {
    return (text: string) => {
      try {
        JSON.parse(text);
        return text;
      } catch {
        return null;
      }
    };
  }
  if (from.kind === 'integer' || from.kind === 'decimal' || from.kind === 'boolean') return toText(from);
  if (from.kind === 'float') return (value: number) => (Number.isFinite(value) ? String(value) : 'null');
  const text = toText(from) as ((value: never) => string) | null;
  return text === null ? null : (value) => JSON.stringify(text(value));
}

/** `\x` and hex digits, else the UTF-8 of the text. */
function parseBytes(text: string): Uint8Array | null {
  if (!text.startsWith('\\x')) return Buffer.from(text, 'utf8');
  if (!/^\\x(?:[0-9a-fA-F]{2})*$/.test(text)) return null;
  return Buffer.from(text.slice(2), 'hex');
}

function roundTo(micros: Exact, precision: number): Exact {
  const unit = 10 ** (6 - Math.min(precision, 6));
  if (unit === 1) return micros;
  return lower(divideRounded(BigInt(micros), BigInt(unit)) * BigInt(unit));
}

function toTime(from: SqlType, precision: number): Cast | null {
  const round = (value: number): number => Number(roundTo(value, precision)) % microsPerDay;
  if (from.kind === 'text') {
    return (text: string) => {
      const value = timeFromText(text);
      return value === null ? null : cutToPrecision(value, precision);
    };
  }
  if (from.kind === 'timestamp') return (value: Exact) => round(splitTimestamp(value).ofDay);
  return from.kind === 'time' ? round : null;
}

function toTimestamp(from: SqlType, to: Extract<SqlType, { kind: 'timestamp' }>): Cast | null {
  if (from.kind === 'text') {
    return (text: string) => {
      const value = timestampFromText(text);
      return value === null ? null : cutToPrecision(value, to.precision);
    };
  }
  if (from.kind === 'date') return (value: Exact) => multiplyAdd(value, microsPerDay, 0);
  // The session's time zone is UTC: local and zoned timestamps have the same number.
  if (from.kind === 'timestamp') {
    return from.precision <= to.precision
      ? (value: Exact) => value
      : (value: Exact) => roundTo(value, to.precision);
  }
  return null;
}
