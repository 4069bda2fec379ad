import { formatType, type SqlType } from '@weir/columnar/sql-type.ts';
import { integerRange } from '../json/number-readers.ts';
import { describeAvro, type AvroLogical, type AvroType } from './avro-type.ts';
import type { Conversion, ReadStep } from './read-step.ts';
import { enumStep } from './resolve-json.ts';
import { sameNamed } from './match-avro.ts';

const microsPerDay = 86_400_000_000n;

/** How a value of a writer goes into a column of one number or text. @param reader what the column was made from, where that is known */
export function resolveScalar(writer: AvroType, type: SqlType, reader: AvroType | null): ReadStep {
  if (writer.kind === 'enum' && type.kind === 'text') return enumStep(writer, reader);
  if (reader !== null && !isOneKind(writer, reader)) return unfit(writer, type);
  const conversion = conversionOf(writer, type, reader);
  return conversion === null ? unfit(writer, type) : { kind: 'scalar', conversion };
}

/** Enums and fixed are only what they are; decimals and UUIDs are what they mean, whatever they lie in. */
function isOneKind(writer: AvroType, reader: AvroType): boolean {
  const logical = logicalOf(writer)?.kind;
  if (logical === 'decimal' || logical === 'uuid') return true;
  if (writer.kind === 'fixed' || reader.kind === 'fixed') return sameNamed(writer, reader);
  return reader.kind !== 'enum';
}

/** An error of each record that has the value. */
export function unfit(writer: AvroType, type: SqlType): ReadStep {
  return {
    kind: 'refuse',
    problem: `${describeAvro(writer)} was written, which can't be read as ${formatType(type)}`,
    hint: "declare the column with a type that takes it, or leave such records out: 'bad_data' = 'drop'",
  };
}

function conversionOf(writer: AvroType, type: SqlType, reader: AvroType | null): Conversion | null {
  switch (type.kind) {
    case 'boolean':
      return writer.kind === 'boolean' ? { to: 'boolean' } : null;
    case 'integer':
      return integerOf(writer, type);
    case 'date':
      return writer.kind === 'int' && (writer.logical === undefined || writer.logical.kind === 'date')
        ? exact('int', type, integerRange(32, true))
        : null;
    case 'float':
      return floatOf(writer, type.bits === 32);
    case 'decimal':
      return decimalOf(writer, type);
    case 'text':
      return textOf(writer);
    case 'bytes':
      if (writer.kind === 'bytes' || writer.kind === 'string') return { to: 'bytes', size: -1 };
      return writer.kind === 'fixed' ? { to: 'bytes', size: writer.size } : null;
    case 'time':
      return timeOf(writer, type, logicalOf(reader));
    case 'timestamp':
      return timestampOf(writer, type, logicalOf(reader));
    default:
      return null;
  }
}

interface Whole {
  readonly kind: 'int' | 'long';
  readonly logical?: AvroLogical;
}

function isWhole(type: AvroType): type is AvroType & Whole {
  return type.kind === 'int' || type.kind === 'long';
}

function logicalOf(type: AvroType | null): AvroLogical | undefined {
  return type !== null && 'logical' in type ? type.logical : undefined;
}

function exact(
  from: 'int' | 'long',
  type: SqlType,
  range: { readonly min: bigint; readonly max: bigint },
  scaled: { readonly times?: bigint; readonly over?: number; readonly unit?: number } = {},
): Conversion {
  const { times = 1n, over = 1, unit = 1 } = scaled;
  return { to: 'exact', from, times, over, unit, ...range, what: formatType(type) };
}

function floatOf({ kind }: AvroType, single: boolean): Conversion | null {
  if (kind === 'int' || kind === 'long' || kind === 'float') return { to: 'float', from: kind, single };
  return kind === 'double' && !single ? { to: 'float', from: kind, single } : null;
}

/** Whole numbers, and decimals where they are whole: BIGINT UNSIGNED has no other form in Avro. */
function integerOf(writer: AvroType, type: Extract<SqlType, { kind: 'integer' }>): Conversion | null {
  const range = integerRange(type.bits, type.signed);
  if (isWhole(writer)) return exact(writer.kind, type, range);
  return scaledTo(writer, type, 0, range);
}

function decimalOf(writer: AvroType, type: Extract<SqlType, { kind: 'decimal' }>): Conversion | null {
  const max = 10n ** BigInt(type.precision) - 1n;
  if (isWhole(writer) && writer.logical === undefined)
    return exact(writer.kind, type, { min: -max, max }, { times: 10n ** BigInt(type.scale) });
  return scaledTo(writer, type, type.scale, { min: -max, max });
}

function scaledTo(
  writer: AvroType,
  type: SqlType,
  scale: number,
  range: { readonly min: bigint; readonly max: bigint },
): Conversion | null {
  const logical = logicalOf(writer);
  if (logical?.kind !== 'decimal') return null;
  const size = writer.kind === 'fixed' ? writer.size : -1;
  return { to: 'decimal', size, fromScale: logical.scale, scale, ...range, what: formatType(type) };
}

function textOf(writer: AvroType): Conversion | null {
  if (writer.kind === 'string') return { to: 'text' };
  if (writer.kind === 'bytes') return writer.logical === undefined ? { to: 'text' } : null;
  return writer.kind === 'fixed' && writer.logical?.kind === 'uuid' ? { to: 'uuid' } : null;
}

/** Multiples of microseconds that a TIME or TIMESTAMP of this precision keeps. */
function unitOf(precision: number): number {
  return 10 ** (6 - Math.min(6, precision));
}

/** A bare number counts in what the reader's schema says, else in what the column's precision says. */
function bareUnit(reader: AvroLogical | undefined, precision: number): 'millis' | 'micros' | 'nanos' {
  if (reader?.kind === 'time' || reader?.kind === 'timestamp') return reader.unit;
  return precision <= 3 ? 'millis' : 'micros';
}

const scales = {
  millis: { times: 1000n },
  micros: {},
  nanos: { over: 1000 },
} as const;

function timeOf(
  writer: AvroType,
  type: Extract<SqlType, { kind: 'time' }>,
  reader: AvroLogical | undefined,
): Conversion | null {
  if (!isWhole(writer)) return null;
  const { logical } = writer;
  if (logical !== undefined && logical.kind !== 'time') return null;
  const unit = logical?.unit ?? bareUnit(reader, type.precision);
  const scaled = { ...scales[unit], unit: unitOf(type.precision) };
  return exact(writer.kind, type, { min: 0n, max: microsPerDay - 1n }, scaled);
}

function timestampOf(
  writer: AvroType,
  type: Extract<SqlType, { kind: 'timestamp' }>,
  reader: AvroLogical | undefined,
): Conversion | null {
  if (!isWhole(writer)) return null;
  const { logical } = writer;
  if (logical !== undefined && logical.kind !== 'timestamp') return null;
  const unit = logical?.unit ?? bareUnit(reader, type.precision);
  const scaled = { ...scales[unit], unit: unitOf(type.precision) };
  return exact(writer.kind, type, integerRange(64, true), scaled);
}
