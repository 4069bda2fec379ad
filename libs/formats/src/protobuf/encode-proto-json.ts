import { timestampFromText } from '@weir/columnar/time-text.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { parseExactJson } from '../avro/exact-json.ts';
import { entryOf } from './map-entries.ts';
import { isPackable, wireOf } from './message-slots.ts';
import {
  describeProto,
  wellKnown,
  wrappedValue,
  type ProtoField,
  type ProtoMessage,
  type ProtoScalar,
  type ProtoType,
} from './proto-type.ts';
import { WireBytes } from './wire-bytes.ts';
import { wireType } from './wire-type.ts';

/** Messages inside messages of one JSON text; a schema may be a circle. */
const maxDepth = 100;
const base64Text = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const durationText = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;

/** The value isn't of the form that the schema asks for. */
class Unfit extends Error {}

/**
 * The value of a JSON text as a field of Protobuf, with its tags: the opposite of how the field is read into a JSON column. Allocates: for
 * columns that SQL has no type for.
 * @param name of the column, for messages
 * @throws WeirError WEIR-3110 when the value doesn't fit
 */
export function encodeProtoJson(field: ProtoField, text: string, name: string): Uint8Array {
  const out = new WireBytes();
  try {
    putField(out, field, parseExactJson(text), 0);
    return out.taken();
  } catch (error) {
    if (!(error instanceof Unfit) && !(error instanceof SyntaxError)) throw error;
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    throw new WeirError(
      'WEIR-3110',
      `column ${name}: ${shown} can't be written as ${describeProto(field)}: ${error.message}`,
      {
        hint: 'the JSON must have the form of the schema: its fields, names of its enums, numbers in its range',
        cause: error,
      },
    );
  }
}

function putField(out: WireBytes, field: ProtoField, value: unknown, depth: number): void {
  if (value === null || value === undefined) return;
  if (field.label === 'map') return putMap(out, field, value, depth);
  if (field.label === 'single') return putOne(out, field, value, depth);
  if (!Array.isArray(value)) throw new Unfit(`${field.name} is a list`);
  if (!field.packed || !isPackable(field)) {
    for (const each of value) putOne(out, field, required(each, field), depth);
    return;
  }
  if (value.length === 0) return;
  out.tag(field.number, wireType.sized);
  const start = out.open();
  for (const each of value) putValue(out, field.type, required(each, field), depth);
  out.close(start);
}

/** Nothing but a google.protobuf.Value says null. */
function required(value: unknown, { name, type }: ProtoField): unknown {
  const maySayNull = type.kind === 'message' && type.name === wellKnown.value;
  if (value === null && !maySayNull) throw new Unfit(`an element of ${name} is null`);
  return value;
}

function putMap(out: WireBytes, field: ProtoField, value: unknown, depth: number): void {
  const [key, part] = entryOf(field).parts;
  for (const [name, each] of Object.entries(objectOf(value, field.name))) {
    out.tag(field.number, wireType.sized);
    const start = out.open();
    putOne(
      out,
      key,
      key.type.kind === 'scalar' && key.type.scalar === 'bool' ? name === 'true' : name,
      depth,
    );
    putOne(out, part, required(each, field), depth);
    out.close(start);
  }
}

function putOne(out: WireBytes, field: ProtoField, value: unknown, depth: number): void {
  if (field.group) {
    out.tag(field.number, wireType.group);
    putMessage(out, field.type as ProtoMessage, value, depth + 1);
    out.tag(field.number, wireType.endGroup);
    return;
  }
  out.tag(field.number, wireOf({ type: field.type, label: 'single' }));
  putValue(out, field.type, value, depth);
}

function putValue(out: WireBytes, type: ProtoType, value: unknown, depth: number): void {
  if (type.kind === 'message') {
    const start = out.open();
    putMessage(out, type, value, depth + 1);
    out.close(start);
    return;
  }
  if (type.kind === 'enum') {
    const number = typeof value === 'string' ? (type.numbers.get(value) ?? value) : value;
    return out.number('int32', wholeOf(number, 'int32'));
  }
  putScalar(out, type.scalar, value);
}

function putScalar(out: WireBytes, scalar: ProtoScalar, value: unknown): void {
  switch (scalar) {
    case 'bool':
      if (typeof value !== 'boolean') throw new Unfit(`${shortly(value)} is no boolean`);
      return out.number('int32', value ? 1 : 0);
    case 'double':
    case 'float':
      return out.float(scalar, floatOf(value));
    case 'string':
      if (typeof value !== 'string') throw new Unfit(`${shortly(value)} is no text`);
      return out.bytes(Buffer.from(value));
    case 'bytes':
      if (typeof value !== 'string' || !base64Text.test(value))
        throw new Unfit(`${shortly(value)} is no base64`);
      return out.bytes(Buffer.from(value, 'base64'));
    default:
      return out.number(scalar, wholeOf(value, scalar));
  }
}

function putMessage(out: WireBytes, type: ProtoMessage, value: unknown, depth: number): void {
  if (depth > maxDepth) throw new Unfit(`it lies more than ${maxDepth} deep`);
  const wrapped = wrappedValue(type);
  if (wrapped !== undefined) return putField(out, wrapped, value, depth);
  switch (type.name) {
    case wellKnown.timestamp:
      return putTimestamp(out, value);
    case wellKnown.duration:
      return putDuration(out, value);
    case wellKnown.struct:
    case wellKnown.listValue:
      return putField(out, type.fields[0]!, value, depth);
    case wellKnown.value:
      return putAny(out, type, value, depth);
  }
  const given = objectOf(value, type.name);
  for (const name of Object.keys(given)) {
    if (!type.fields.some((field) => field.name === name))
      throw new Unfit(`message ${type.name} has no field ${shortly(name)}`);
  }
  for (const field of type.fields) {
    if (Object.hasOwn(given, field.name)) putField(out, field, given[field.name], depth);
  }
}

/** google.protobuf.Value: the member for what the value is. */
function putAny(out: WireBytes, { fields }: ProtoMessage, value: unknown, depth: number): void {
  const kind = value === null ? 'null_value'
    : Array.isArray(value) ? 'list_value'
    : ({ number: 'number_value', bigint: 'number_value', string: 'string_value', boolean: 'bool_value' } as Record<string, string>)[typeof value] ?? 'struct_value'; // prettier-ignore
  const field = fields.find(({ name }) => name === kind);
  if (field === undefined) throw new Unfit('google.protobuf.Value is another message');
  putOne(out, field, value === null ? 0 : typeof value === 'bigint' ? Number(value) : value, depth);
}

function putTimestamp(out: WireBytes, value: unknown): void {
  const micros = typeof value === 'string' ? timestampFromText(value) : null;
  if (micros === null) throw new Unfit(`${shortly(value)} is no time`);
  const whole = BigInt(micros);
  const below = ((whole % 1_000_000n) + 1_000_000n) % 1_000_000n;
  putTime(out, (whole - below) / 1_000_000n, Number(below) * 1000);
}

function putDuration(out: WireBytes, value: unknown): void {
  const match = typeof value === 'string' ? durationText.exec(value) : null;
  if (match === null) throw new Unfit(`${shortly(value)} is no duration, as '1.5s' is`);
  const sign = match[1] === '-' ? -1 : 1;
  putTime(out, BigInt(sign) * BigInt(match[2]!), sign * Number((match[3] ?? '').padEnd(9, '0')));
}

function putTime(out: WireBytes, seconds: bigint, nanos: number): void {
  if (seconds !== 0n) {
    out.tag(1, wireType.varint);
    out.number('int64', seconds);
  }
  if (nanos === 0) return;
  out.tag(2, wireType.varint);
  out.number('int32', nanos);
}

const bits: Readonly<Partial<Record<ProtoScalar, readonly [size: number, signed: boolean]>>> = {
  int32: [32, true],
  sint32: [32, true],
  sfixed32: [32, true],
  uint32: [32, false],
  fixed32: [32, false],
  int64: [64, true],
  sint64: [64, true],
  sfixed64: [64, true],
  uint64: [64, false],
  fixed64: [64, false],
};

function wholeOf(value: unknown, scalar: ProtoScalar): number | bigint {
  const isText = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  if (!isText && !isWhole) throw new Unfit(`${shortly(value)} is no ${scalar}`);
  const number = BigInt(value as string | number | bigint);
  const [size, signed] = bits[scalar] ?? [32, true];
  const fits = (signed ? BigInt.asIntN(size, number) : BigInt.asUintN(size, number)) === number;
  if (!fits) throw new Unfit(`${number} is out of the range of ${scalar}`);
  return Number.isSafeInteger(Number(number)) ? Number(number) : number;
}

function floatOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === 'NaN') return NaN;
  if (value === 'Infinity') return Infinity;
  if (value === '-Infinity') return -Infinity;
  throw new Unfit(`${shortly(value)} is no number`);
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Unfit(`${what} is an object`);
}

function shortly(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
