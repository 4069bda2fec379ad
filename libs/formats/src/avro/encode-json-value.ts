import { daysFromCivil, isDate } from '@weir/columnar/civil-calendar.ts';
import { scaledInteger } from '@weir/columnar/decimal-text.ts';
import { dateFromText, timeFromText, timestampFromText } from '@weir/columnar/time-text.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { describeAvro, type AvroField, type AvroLogical, type AvroType } from './avro-type.ts';
import { encodeDefault } from './encode-default.ts';
import { writeBigDecimalBytes, writeBigFixedDecimal } from './write-decimal-bytes.ts';
import { smallVarint } from './write-text-value.ts';
import { divideDown, writeBigLong } from './write-varint.ts';

/** Values inside values of one JSON text; a schema may be a circle. */
const maxDepth = 64;
const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const base64Text = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const maxDecimalBytes = 65;

/** A number of a JSON text with all of its digits. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const exactNumbers: Reviver = (_key, value, context) =>
  typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;

/**
 * The value of a JSON text as Avro writes this type: the opposite of how values of the type are read into JSON columns. Unions take the
 * first branch of the value's own kind, else the first that can hold it; bytes are base64; times and decimals as the JSON format writes them.
 * Allocates: for columns that SQL has no type for.
 * @param name for messages
 * @throws WeirError WEIR-3110 when the value doesn't fit
 */
export function encodeJsonValue(type: AvroType, text: string, name: string): Uint8Array {
  let value: unknown;
  try {
    value = JSON.parse(text, exactNumbers);
  } catch {
    throw unfit(type, text, name);
  }
  const out: Uint8Array[] = [];
  if (!put(type, value, out, 0)) throw unfit(type, text, name);
  return Buffer.concat(out);
}

function unfit(type: AvroType, text: string, name: string): WeirError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new WeirError('WEIR-3110', `${name}: ${shown} can't be written as ${describeAvro(type)}`, {
    hint: 'the JSON must have the form of the schema: its fields, its symbols, numbers in its range',
  });
}

function put(type: AvroType, value: unknown, out: Uint8Array[], depth: number): boolean {
  if (depth > maxDepth) return false;
  switch (type.kind) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean' && push(out, Uint8Array.of(value ? 1 : 0));
    case 'int':
    case 'long':
      return putWhole(type.kind === 'int' ? 32 : 64, type.logical, value, out);
    case 'float':
    case 'double':
      return putFloat(type.kind, value, out);
    case 'string':
      return typeof value === 'string' && putSized(Buffer.from(value), out);
    case 'bytes':
      if (type.logical?.kind === 'decimal') return putDecimal(type.logical.scale, -1, value, out);
      return (
        typeof value === 'string' && base64Text.test(value) && putSized(Buffer.from(value, 'base64'), out)
      );
    case 'fixed':
      return putFixed(type.size, type.logical, value, out);
    case 'enum': {
      const index = typeof value === 'string' ? type.symbols.indexOf(value) : -1;
      return index >= 0 && push(out, smallVarint(index));
    }
    case 'array':
      return Array.isArray(value) && putItems(value, out, (item) => put(type.items, item, out, depth + 1));
    case 'map':
      return (
        isObject(value) &&
        putItems(Object.entries(value), out, ([key, item]) => {
          putSized(Buffer.from(key), out);
          return put(type.values, item, out, depth + 1);
        })
      );
    case 'union':
      return putUnion(type.branches, value, out, depth);
    case 'record':
      return isObject(value) && putRecord(type.fields, value, out, depth);
  }
}

function putUnion(branches: readonly AvroType[], value: unknown, out: Uint8Array[], depth: number): boolean {
  const before = out.length;
  const order = [...branches.keys()].toSorted(
    (a, b) => strange(branches[a]!, value) - strange(branches[b]!, value),
  );
  return order.some((index) => {
    out.length = before;
    push(out, smallVarint(index));
    return put(branches[index]!, value, out, depth + 1);
  });
}

/** 1 for branches that may hold the value, but not as what JSON says it is: text in bytes, a whole number in a double, an object with other fields. */
function strange(branch: AvroType, value: unknown): 0 | 1 {
  if (branch.kind === 'bytes' || branch.kind === 'fixed') return 1;
  if (branch.kind === 'float' || branch.kind === 'double') return 1;
  if (branch.kind !== 'record' || !isObject(value)) return 0;
  return Object.keys(value).every((key) => branch.fields.some(({ name }) => name === key)) ? 0 : 1;
}

function putRecord(
  fields: readonly AvroField[],
  value: Readonly<Record<string, unknown>>,
  out: Uint8Array[],
  depth: number,
): boolean {
  return fields.every((field) => {
    if (Object.hasOwn(value, field.name)) return put(field.type, value[field.name], out, depth + 1);
    const bytes = field.default === undefined ? null : encodeDefault(field.type, field.default.json);
    return bytes === null ? put(field.type, null, out, depth + 1) : push(out, bytes);
  });
}

function putItems<T>(items: readonly T[], out: Uint8Array[], each: (item: T) => boolean): boolean {
  if (items.length > 0) push(out, smallVarint(items.length));
  return items.every(each) && push(out, Uint8Array.of(0));
}

function putWhole(
  bits: number,
  logical: AvroLogical | undefined,
  value: unknown,
  out: Uint8Array[],
): boolean {
  const whole = logical === undefined ? wholeOf(value) : timeOf(logical, value);
  if (whole === null || BigInt.asIntN(bits, whole) !== whole) return false;
  const bytes = new Uint8Array(10);
  return push(out, bytes.subarray(0, writeBigLong(bytes, 0, whole)));
}

function wholeOf(value: unknown): bigint | null {
  return value instanceof NumberText ? scaledInteger(value.text, 0, true) : null;
}

function timeOf(logical: AvroLogical, value: unknown): bigint | null {
  if (value instanceof NumberText) return wholeOf(value);
  if (typeof value !== 'string') return null;
  switch (logical.kind) {
    case 'date': {
      const days = dateFromText(value) ?? farDate(value);
      return days === null ? null : BigInt(days);
    }
    case 'time':
      return inUnit(timeFromText(value), logical.unit);
    case 'timestamp':
      return inUnit(timestampFromText(value), logical.unit);
    default:
      return null;
  }
}

/** A date of a year that no TIMESTAMP reaches, which an int of days can. */
function farDate(text: string): number | null {
  const match = /^([+-]\d{4,7})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  return isDate(year, month, day) ? daysFromCivil(year, month, day) : null;
}

function inUnit(micros: number | bigint | null, unit: 'millis' | 'micros' | 'nanos'): bigint | null {
  if (micros === null) return null;
  const exact = BigInt(micros);
  if (unit === 'micros') return exact;
  return unit === 'nanos' ? exact * 1000n : divideDown(exact, 1000n);
}

function putFloat(kind: 'float' | 'double', value: unknown, out: Uint8Array[]): boolean {
  const special = value === 'NaN' || value === 'Infinity' || value === '-Infinity';
  if (!special && !(value instanceof NumberText)) return false;
  const number = Number(value instanceof NumberText ? value.text : value);
  const bytes = Buffer.alloc(kind === 'float' ? 4 : 8);
  if (kind === 'float') bytes.writeFloatLE(number);
  else bytes.writeDoubleLE(number);
  return push(out, bytes);
}

function putDecimal(scale: number, size: number, value: unknown, out: Uint8Array[]): boolean {
  const unscaled = value instanceof NumberText ? scaledInteger(value.text, scale, true) : null;
  if (unscaled === null) return false;
  const bytes = new Uint8Array(Math.max(size, maxDecimalBytes));
  if (size < 0) return push(out, bytes.subarray(0, writeBigDecimalBytes(bytes, 0, unscaled)));
  if (BigInt.asIntN(size * 8, unscaled) !== unscaled) return false;
  return push(out, bytes.subarray(0, writeBigFixedDecimal(bytes, 0, unscaled, size)));
}

function putFixed(
  size: number,
  logical: AvroLogical | undefined,
  value: unknown,
  out: Uint8Array[],
): boolean {
  if (logical?.kind === 'decimal') return putDecimal(logical.scale, size, value, out);
  if (typeof value !== 'string') return false;
  if (logical?.kind === 'uuid')
    return uuidText.test(value) && push(out, Buffer.from(value.replaceAll('-', ''), 'hex'));
  if (!base64Text.test(value)) return false;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === size && push(out, bytes);
}

function putSized(bytes: Uint8Array, out: Uint8Array[]): boolean {
  return push(out, smallVarint(bytes.length)) && push(out, bytes);
}

function push(out: Uint8Array[], bytes: Uint8Array): boolean {
  out.push(bytes);
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
  );
}
