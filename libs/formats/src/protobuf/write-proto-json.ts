import { appendText } from '../avro/write-json-text.ts';
import type { OwnText } from '../avro/own-text.ts';
import { encodeBase64 } from '../json/base64.ts';
import { writeDouble, writeFloat, writeInteger } from '../json/write-number.ts';
import { copyEscaped } from '../json/write-text.ts';
import { TimestampWriter } from '../json/write-time.ts';
import { entryOf, keysOfEntries } from './map-entries.ts';
import { MessageSlots, isPackable } from './message-slots.ts';
import type { ProtoCursor } from './proto-cursor.ts';
import { wireType } from './wire-type.ts';
import {
  wellKnown,
  wrappedValue,
  type ProtoEnum,
  type ProtoField,
  type ProtoMessage,
  type ProtoScalar,
  type ProtoType,
} from './proto-type.ts';
import { readerOfNumber } from './read-number.ts';
import { SecondsAndNanos } from './well-known-values.ts';

/** Bytes that a number or a time takes at most. */
const scalarBytes = 64;
const timestamps = new TimestampWriter('T', 'Z');
const time = new SecondsAndNanos();

const utf8 = new TextEncoder();

interface JsonMessage {
  readonly slots: MessageSlots;
  /** Of each slot, its name with quotes, a comma before and a colon behind it. */
  readonly keys: readonly Uint8Array[];
  /** Of each slot, key and value of a field that was not written; null: it is left out. */
  readonly absent: readonly (Uint8Array | null)[];
}

const known = new WeakMap<ProtoMessage, JsonMessage>();

/** The shape of a message; made once, also of one that lies inside itself. */
function jsonOf(message: ProtoMessage): JsonMessage {
  let found = known.get(message);
  if (found === undefined) {
    const keys = message.fields.map(({ name }) => `,${JSON.stringify(name)}:`);
    found = {
      slots: new MessageSlots(message.fields),
      keys: keys.map((key) => utf8.encode(key)),
      absent: message.fields.map((field, slot) =>
        field.presence ? null : utf8.encode(keys[slot]! + defaultJson(field)),
      ),
    };
    known.set(message, found);
  }
  return found;
}

/** Appends the value of a field, from the chain of its values, as JSON: fields in the order of the schema, those without presence always. */
export function writeProtoJson(cursor: ProtoCursor, value: number, field: ProtoField, out: OwnText): void {
  if (field.label === 'map') writeMap(cursor, value, field, out);
  else if (field.label === 'repeated') writeList(cursor, value, field, out);
  else writeSingle(cursor, value, field.type, out);
}

/** What a field that was not written is, where that is not NULL. */
export function defaultJson({ label, type }: ProtoField): string {
  if (label !== 'single') return label === 'map' ? '{}' : '[]';
  if (type.kind === 'enum') return JSON.stringify(type.names.get(0) ?? '0');
  if (type.kind === 'message') return 'null';
  if (type.scalar === 'string' || type.scalar === 'bytes') return '""';
  return type.scalar === 'bool' ? 'false' : '0';
}

/** The last one of the chain; messages are merged. */
function writeSingle(cursor: ProtoCursor, value: number, type: ProtoType, out: OwnText): void {
  if (type.kind === 'message') return writeMessage(cursor, value, type, out);
  cursor.goTo(cursor.last(value));
  writeScalar(cursor, type, out);
}

function writeMessage(cursor: ProtoCursor, value: number, type: ProtoMessage, out: OwnText): void {
  if (type.name === wellKnown.timestamp) return writeTimestamp(cursor, value, out);
  if (type.name === wellKnown.duration) return writeDuration(cursor, value, out);
  cursor.enter();
  const json = jsonOf(type);
  const { slots } = json;
  const values = cursor.mark();
  const base = cursor.open(slots);
  for (let each = value; each >= 0; each = cursor.next[each]!)
    cursor.collect(slots, base, cursor.starts[each]!, cursor.ends[each]!);
  const inner = innerField(type);
  if (inner === undefined) writeFields(cursor, base, json, out);
  else {
    const slot = typeof inner === 'number' ? inner : setMember(cursor, base, slots);
    const head = slot < 0 ? -1 : cursor.head(base, slot);
    const field = slots.fields[Math.max(0, slot)]!;
    if (head >= 0 && field.name !== 'null_value') writeProtoJson(cursor, head, field, out);
    else appendText(out, slot < 0 || head >= 0 ? 'null' : defaultJson(field));
  }
  cursor.close(base, values);
  cursor.leave();
}

/** Messages that mean the value of one field (its slot), or of the one that is set; undefined for others. */
function innerField(type: ProtoMessage): number | 'set' | undefined {
  if (type.name === wellKnown.value) return 'set';
  return type.name === wellKnown.struct ||
    type.name === wellKnown.listValue ||
    wrappedValue(type) !== undefined
    ? 0
    : undefined;
}

function setMember(cursor: ProtoCursor, base: number, slots: MessageSlots): number {
  return slots.fields.findIndex((_, slot) => cursor.head(base, slot) >= 0);
}

function writeFields(
  cursor: ProtoCursor,
  base: number,
  { slots, keys, absent }: JsonMessage,
  out: OwnText,
): void {
  const start = out.length;
  for (let slot = 0; slot < keys.length; slot += 1) {
    const head = cursor.head(base, slot);
    if (head >= 0) {
      appendBytes(out, keys[slot]!);
      writeProtoJson(cursor, head, slots.fields[slot]!, out);
    } else if (absent[slot] !== null) {
      cursor.notWritten();
      appendBytes(out, absent[slot]!);
    }
  }
  // The comma before the first one.
  if (out.length > start) out.buffer[start] = 0x7b;
  else appendText(out, '{');
  appendText(out, '}');
}

/** A few bytes: sooner copied one by one than by a call. */
function appendBytes(out: OwnText, bytes: Uint8Array): void {
  out.reserve(bytes.length);
  const { buffer, length } = out;
  for (let at = 0; at < bytes.length; at += 1) buffer[length + at] = bytes[at]!;
  out.length = length + bytes.length;
}

function writeList(cursor: ProtoCursor, value: number, field: ProtoField, out: OwnText): void {
  const packable = isPackable(field);
  let first = true;
  appendText(out, '[');
  while (value >= 0) {
    const following = cursor.next[value]!;
    cursor.next[value] = -1;
    cursor.goTo(value);
    if (packable && cursor.wires[value] === wireType.sized) {
      while (cursor.at < cursor.end) {
        if (!first) appendText(out, ',');
        first = false;
        writeScalar(cursor, field.type as Scalar, out);
      }
    } else {
      if (!first) appendText(out, ',');
      first = false;
      writeSingle(cursor, value, field.type, out);
    }
    value = following;
  }
  appendText(out, ']');
}

/** B2: of entries with one key the last counts; a key or a value that is missing is its default. */
function writeMap(cursor: ProtoCursor, value: number, field: ProtoField, out: OwnText): void {
  const { slots, parts } = entryOf(field);
  const last = keysOfEntries(cursor, value, parts[0]);
  let first = true;
  appendText(out, '{');
  for (const [key, entry] of last) {
    if (!first) appendText(out, ',');
    first = false;
    appendText(out, `${JSON.stringify(key)}:`);
    const values = cursor.mark();
    const base = cursor.open(slots);
    cursor.collect(slots, base, cursor.starts[entry]!, cursor.ends[entry]!);
    const head = cursor.head(base, 1);
    if (head >= 0) writeSingle(cursor, head, field.type, out);
    else appendText(out, field.type.kind === 'message' ? '{}' : defaultJson(parts[1]));
    cursor.close(base, values);
  }
  appendText(out, '}');
}

type Scalar = { readonly kind: 'scalar'; readonly scalar: ProtoScalar } | ProtoEnum;

/** The value at the cursor; text and bytes are all up to its end. */
function writeScalar(cursor: ProtoCursor, type: Scalar, out: OwnText): void {
  if (type.kind === 'enum') return writeEnum(cursor, type, out);
  const { at, end, data, view } = cursor;
  switch (type.scalar) {
    case 'double':
      out.reserve(scalarBytes);
      out.length = writeDouble(out.buffer, out.length, view.getFloat64(cursor.skip(8), true));
      return;
    case 'float':
      out.reserve(scalarBytes);
      out.length = writeFloat(out.buffer, out.length, view.getFloat32(cursor.skip(4), true));
      return;
    case 'bool':
      return appendText(out, readerOfNumber('bool')!(cursor) === 0 ? 'false' : 'true');
    case 'string':
      cursor.text(at, end);
      out.reserve((end - at) * 6 + 2);
      out.buffer[out.length] = 0x22;
      out.length = copyEscaped(data, at, end, out.buffer, out.length + 1);
      return appendText(out, '"');
    case 'bytes':
      out.reserve(Math.ceil((end - at) / 3) * 4 + 2);
      out.buffer[out.length] = 0x22;
      out.length = encodeBase64(data, at, end, out.buffer, out.length + 1);
      return appendText(out, '"');
    default:
      return appendNumber(readerOfNumber(type.scalar)!(cursor), out);
  }
}

function appendNumber(number: number | bigint, out: OwnText): void {
  if (typeof number === 'bigint') return appendText(out, number.toString());
  out.reserve(scalarBytes);
  out.length = writeInteger(out.buffer, out.length, number);
}

/** B6: a number without a name is the text of its digits. */
function writeEnum(cursor: ProtoCursor, { names }: ProtoEnum, out: OwnText): void {
  const number = Number(readerOfNumber('int32')!(cursor));
  appendText(out, JSON.stringify(names.get(number) ?? String(number)));
}

function writeTimestamp(cursor: ProtoCursor, value: number, out: OwnText): void {
  time.read(cursor, value);
  const micros = time.timestampMicros(cursor);
  out.reserve(scalarBytes);
  out.buffer[out.length] = 0x22;
  out.length = timestamps.writeBig(out.buffer, out.view, out.length + 1, BigInt(micros));
  appendText(out, '"');
}

/** As Protobuf's JSON has it: seconds with a point. */
function writeDuration(cursor: ProtoCursor, value: number, out: OwnText): void {
  time.read(cursor, value);
  time.durationMicros(cursor);
  const { seconds, nanos } = time;
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  const fraction = nanos === 0 ? '' : `.${String(Math.abs(nanos)).padStart(9, '0').replace(/0+$/, '')}`;
  appendText(out, `"${sign}${Math.abs(seconds)}${fraction}s"`);
}
