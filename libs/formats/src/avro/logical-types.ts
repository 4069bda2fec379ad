import type { AvroLogical, AvroPrimitiveKind } from './avro-type.ts';

type Base = AvroPrimitiveKind | 'fixed';

const timestamps: Readonly<Record<string, AvroLogical>> = {
  'timestamp-millis': { kind: 'timestamp', unit: 'millis', local: false },
  'timestamp-micros': { kind: 'timestamp', unit: 'micros', local: false },
  'timestamp-nanos': { kind: 'timestamp', unit: 'nanos', local: false },
  'local-timestamp-millis': { kind: 'timestamp', unit: 'millis', local: true },
  'local-timestamp-micros': { kind: 'timestamp', unit: 'micros', local: true },
  'local-timestamp-nanos': { kind: 'timestamp', unit: 'nanos', local: true },
};

/**
 * What the attributes of a type add to its base type; undefined for a logical type that isn't known, stands on a wrong base, or can't be
 * (A3: a decimal with more scale than precision, or with more digits than its fixed holds): the base type is then all there is.
 * @param size bytes of a fixed
 */
export function logicalTypeOf(
  attributes: Readonly<Record<string, unknown>>,
  base: Base,
  size = 0,
): AvroLogical | undefined {
  const name = attributes['logicalType'];
  if (typeof name !== 'string') return undefined;
  if (base === 'long' && Object.hasOwn(timestamps, name)) return timestamps[name];
  switch (name) {
    case 'decimal':
      return base === 'bytes' || base === 'fixed' ? decimalOf(attributes, base, size) : undefined;
    case 'uuid':
      return base === 'string' || (base === 'fixed' && size === 16) ? { kind: 'uuid' } : undefined;
    case 'date':
      return base === 'int' ? { kind: 'date' } : undefined;
    case 'time-millis':
      return base === 'int' ? { kind: 'time', unit: 'millis' } : undefined;
    case 'time-micros':
      return base === 'long' ? { kind: 'time', unit: 'micros' } : undefined;
    case 'duration':
      return base === 'fixed' && size === 12 ? { kind: 'duration' } : undefined;
    default:
      return undefined;
  }
}

function decimalOf(
  { precision, scale = 0 }: Readonly<Record<string, unknown>>,
  base: Base,
  size: number,
): AvroLogical | undefined {
  if (!isCount(precision) || precision === 0 || !isCount(scale) || scale > precision) return undefined;
  if (base === 'fixed' && precision > digitsOf(size)) return undefined;
  return { kind: 'decimal', precision, scale };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Decimal digits that every number of so many bytes in two's complement can have. */
function digitsOf(size: number): number {
  return Math.floor(Math.log10(2) * (8 * size - 1));
}
