import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, booleanType, doubleType, textType } from '@weir/columnar/sql-type.ts';
import { isOrderedObject, type OrderedJson, type OrderedObject } from './ordered-json.ts';

/** Digits that DECIMAL has at most. */
const mostDigits = 38;
const decimalTitle = 'org.apache.kafka.connect.data.Decimal';

/** The kinds of values that a schema allows; none: it doesn't say. */
export function kindsOf(schema: OrderedObject): readonly string[] {
  const declared = schema.get('type');
  if (declared !== undefined) return (Array.isArray(declared) ? declared : [declared]).map(String);
  if (isOrderedObject(schema.get('properties'))) return ['object'];
  if (isOrderedObject(schema.get('items')) || schema.has('prefixItems')) return ['array'];
  return isNull(schema) ? ['null'] : [];
}

/** Only null is allowed. */
export function isNull(schema: OrderedObject): boolean {
  if (schema.get('type') === 'null') return true;
  const values = valuesOf(schema);
  return values.length > 0 && values.every((value) => value === null);
}

/** The type of the values that are listed, null left out; undefined when they have no one type. */
export function enumType(schema: OrderedObject): SqlType | undefined {
  const values = valuesOf(schema).filter((value) => value !== null);
  if (values.length === 0) return undefined;
  if (values.every((value) => typeof value === 'string')) return textType;
  if (values.every((value) => typeof value === 'boolean')) return booleanType;
  if (values.every((value) => Number.isInteger(value))) return bigintType;
  return values.every((value) => typeof value === 'number') ? doubleType : undefined;
}

function valuesOf(schema: OrderedObject): readonly OrderedJson[] {
  const constant = schema.get('const');
  if (constant !== undefined) return [constant];
  const values = schema.get('enum');
  return Array.isArray(values) ? (values as readonly OrderedJson[]) : [];
}

export function stringType(schema: OrderedObject): SqlType {
  if (schema.get('contentEncoding') === 'base64') return { kind: 'bytes' };
  switch (schema.get('format')) {
    case 'date-time':
      return { kind: 'timestamp', precision: 6, zoned: false };
    case 'date':
      return { kind: 'date' };
    case 'time':
      return { kind: 'time', precision: 6 };
    default:
      return textType;
  }
}

/** A decimal as Kafka Connect names it, with the scale in its parameters. */
export function decimalType(schema: OrderedObject): SqlType | undefined {
  if (schema.get('title') !== decimalTitle) return undefined;
  const given = schema.get('connect.parameters');
  const numberOf = (name: string): number =>
    isOrderedObject(given) && given.has(name) ? Number(given.get(name)) : NaN;
  const scale = numberOf('scale');
  const declared = numberOf('connect.decimal.precision');
  const precision = Number.isInteger(declared) ? declared : mostDigits;
  const fits = Number.isInteger(scale) && scale >= 0 && scale <= precision && precision <= mostDigits;
  return fits && precision > 0 ? { kind: 'decimal', precision, scale } : undefined;
}
