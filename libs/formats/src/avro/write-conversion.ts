import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { AvroLogical, AvroType } from './avro-type.ts';
import type { WriteConversion } from './write-step.ts';

interface Found {
  readonly conversion: WriteConversion;
  /** 0: the type that a schema of such a column has; more: one that it may become. */
  readonly rank: number;
}

/**
 * How a column's value is written as this type; null where it can't be, or not without a loss: Avro's promotions, decimals and times of
 * more digits, never fewer.
 */
export function writeConversion(type: SqlType, avro: AvroType): Found | null {
  switch (type.kind) {
    case 'boolean':
      return avro.kind === 'boolean' ? exactly({ to: 'boolean' }) : null;
    case 'integer':
      return integerAs(type, avro);
    case 'float':
      if (avro.kind === 'float' && type.bits === 32)
        return exactly({ to: 'float', single: true, from: 'float' });
      if (avro.kind !== 'double') return null;
      return { conversion: { to: 'float', single: false, from: 'float' }, rank: type.bits === 64 ? 0 : 1 };
    case 'decimal':
      return decimalAs(type.precision, type.scale, avro, 0);
    case 'text':
      return textAs(avro);
    case 'bytes':
      if (avro.kind === 'bytes' && avro.logical === undefined) return exactly({ to: 'bytes' });
      return avro.kind === 'fixed' && avro.logical?.kind !== 'decimal'
        ? { conversion: { to: 'fixed', size: avro.size }, rank: 1 }
        : null;
    case 'date':
      if (avro.kind !== 'int' || (avro.logical !== undefined && avro.logical.kind !== 'date')) return null;
      return { conversion: plainLong, rank: avro.logical === undefined ? 2 : 0 };
    case 'time':
      return timeAs(type.precision, avro);
    case 'timestamp':
      return timestampAs(type.precision, avro);
    default:
      return null;
  }
}

const plainLong: WriteConversion = { to: 'long', times: 1n, over: 1 };

function exactly(conversion: WriteConversion): Found {
  return { conversion, rank: 0 };
}

function logicalOf(type: AvroType): AvroLogical | undefined {
  return 'logical' in type ? type.logical : undefined;
}

function integerAs(type: Extract<SqlType, { kind: 'integer' }>, avro: AvroType): Found | null {
  const fitsInt = type.bits < 32 || (type.bits === 32 && type.signed);
  const fitsLong = type.bits < 64 || type.signed;
  const logical = logicalOf(avro);
  if (logical?.kind === 'decimal')
    return decimalAs(
      integerDigits(type.bits, type.signed),
      0,
      avro,
      type.bits === 64 && !type.signed ? 0 : 4,
    );
  if (logical !== undefined) return null;
  switch (avro.kind) {
    case 'int':
      return fitsInt ? exactly(plainLong) : null;
    case 'long':
      return fitsLong ? { conversion: plainLong, rank: fitsInt ? 1 : 0 } : null;
    case 'double':
      return { conversion: { to: 'float', single: false, from: 'integer' }, rank: 2 };
    case 'float':
      return { conversion: { to: 'float', single: true, from: 'integer' }, rank: 3 };
    default:
      return null;
  }
}

function integerDigits(bits: number, signed: boolean): number {
  return String(2n ** BigInt(signed ? bits - 1 : bits)).length;
}

function decimalAs(precision: number, scale: number, avro: AvroType, rank: number): Found | null {
  if (avro.kind !== 'bytes' && avro.kind !== 'fixed') return null;
  const { logical } = avro;
  if (logical?.kind !== 'decimal') return null;
  if (logical.scale < scale || logical.precision - logical.scale < precision - scale) return null;
  const same = logical.scale === scale && logical.precision === precision;
  const conversion: WriteConversion = {
    to: 'decimal',
    size: avro.kind === 'fixed' ? avro.size : -1,
    times: 10n ** BigInt(logical.scale - scale),
    digits: logical.precision,
  };
  return { conversion, rank: same ? rank : rank + 1 };
}

function textAs(avro: AvroType): Found | null {
  switch (avro.kind) {
    case 'string':
      return exactly({ to: 'bytes' });
    case 'enum':
      return { conversion: { to: 'enum', symbols: avro.symbols }, rank: 1 };
    case 'bytes':
      return avro.logical === undefined ? { conversion: { to: 'bytes' }, rank: 2 } : null;
    case 'fixed':
      return avro.logical?.kind === 'uuid' ? { conversion: { to: 'uuid' }, rank: 1 } : null;
    default:
      return null;
  }
}

function timeAs(precision: number, avro: AvroType): Found | null {
  if (avro.kind !== 'int' && avro.kind !== 'long') return null;
  const { logical } = avro;
  if (logical !== undefined && logical.kind !== 'time') return null;
  // A bare number counts in what the column's precision says, as it is read.
  const unit = logical?.unit ?? (precision <= 3 ? 'millis' : 'micros');
  if (avro.kind === 'int' && unit !== 'millis') return null;
  return inUnit(unit, precision, logical === undefined);
}

function timestampAs(precision: number, avro: AvroType): Found | null {
  if (avro.kind !== 'long') return null;
  const { logical } = avro;
  if (logical !== undefined && logical.kind !== 'timestamp') return null;
  const unit = logical?.unit ?? (precision <= 3 ? 'millis' : 'micros');
  return inUnit(unit, precision, logical === undefined);
}

/** Values are microseconds; of more than three digits there are some that milliseconds can't say. */
function inUnit(unit: 'millis' | 'micros' | 'nanos', precision: number, bare: boolean): Found | null {
  if (unit === 'millis' && precision > 3) return null;
  const natural = precision <= 3 ? 'millis' : 'micros';
  const rank = (unit === natural ? 0 : 1) + (bare ? 2 : 0);
  if (unit === 'millis') return { conversion: { to: 'long', times: 1n, over: 1000 }, rank };
  return { conversion: { to: 'long', times: unit === 'nanos' ? 1000n : 1n, over: 1 }, rank };
}
