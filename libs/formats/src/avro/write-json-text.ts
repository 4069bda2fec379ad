import { dateText } from '@weir/columnar/time-text.ts';
import { decimalText } from '@weir/columnar/decimal-text.ts';
import { assert } from '@weir/kernel/assert.ts';
import { encodeBase64 } from '../json/base64.ts';
import { writeAscii, writeDouble, writeFloat } from '../json/write-number.ts';
import { copyEscaped } from '../json/write-text.ts';
import { TimestampWriter, writeTime } from '../json/write-time.ts';
import type { AvroCursor } from './avro-cursor.ts';
import { unscaledOf } from './avro-decimal.ts';
import type { AvroLogical, AvroType } from './avro-type.ts';
import type { OwnText } from './own-text.ts';
import type { JsonRecordStep, JsonStep } from './read-step.ts';
import { skipAvroValue } from './skip-value.ts';
import { uuidText } from './uuid-text.ts';

/** Bytes that a number, date or time takes at most as JSON text. */
const scalarBytes = 64;
const timestamps = new TimestampWriter('T', 'Z');
const microsPerDay = 86_400_000_000;

/**
 * Appends the next value as JSON text: unions as their values, numbers and decimals with all their digits, bytes as base64, times as the
 * JSON format writes them, NaN and infinities as strings.
 */
export function writeJsonText(cursor: AvroCursor, step: JsonStep, out: OwnText): void {
  switch (step.kind) {
    case 'refuse':
      cursor.fail(step.problem, step.hint);
      return;
    case 'union':
      writeJsonText(cursor, step.branches[cursor.index(step.branches.length, 'branch')]!, out);
      return;
    case 'enum': {
      const index = cursor.index(step.symbols.length, 'symbol');
      const symbol = step.symbols[index];
      if (typeof symbol !== 'string') return cursor.fail(`there is no symbol '${step.written[index]}'`);
      appendText(out, JSON.stringify(symbol));
      return;
    }
    case 'array':
      writeItems(cursor, out, '[', ']', () => writeJsonText(cursor, step.items, out));
      return;
    case 'map':
      writeItems(cursor, out, '{', '}', () => {
        writeString(cursor, out);
        appendText(out, ':');
        writeJsonText(cursor, step.values, out);
      });
      return;
    case 'record':
      writeRecord(cursor, step, out);
      return;
    case 'scalar':
      writeScalar(cursor, step.type, step.as, out);
  }
}

function writeRecord(cursor: AvroCursor, step: JsonRecordStep, out: OwnText): void {
  if (step.refusal !== null) cursor.fail(step.refusal.problem, step.refusal.hint);
  const start = cursor.at;
  cursor.enter();
  appendText(out, '{');
  let first = true;
  for (const field of step.fields) {
    if ('skip' in field) {
      skipAvroValue(cursor, field.skip);
      continue;
    }
    appendText(out, first ? field.key : `,${field.key}`);
    first = false;
    writeJsonText(cursor, field.step, out);
  }
  for (const { key, bytes, step: fallback } of step.absent) {
    appendText(out, first ? key : `,${key}`);
    first = false;
    cursor.aside(bytes, () => writeJsonText(cursor, fallback, out));
  }
  appendText(out, '}');
  cursor.leave();
  cursor.valueRead(start);
}

function writeItems(
  cursor: AvroCursor,
  out: OwnText,
  open: string,
  close: string,
  writeItem: () => void,
): void {
  cursor.enter();
  appendText(out, open);
  let first = true;
  for (let left = cursor.block(); left > 0; left = cursor.block()) {
    for (; left > 0; left -= 1) {
      const start = cursor.at;
      if (!first) appendText(out, ',');
      first = false;
      writeItem();
      cursor.valueRead(start);
    }
  }
  appendText(out, close);
  cursor.leave();
}

function writeScalar(
  cursor: AvroCursor,
  type: AvroType,
  as: 'written' | 'bytes' | 'text',
  out: OwnText,
): void {
  const logical = 'logical' in type ? type.logical : undefined;
  switch (type.kind) {
    case 'null':
      return appendText(out, 'null');
    case 'boolean':
      return appendText(out, cursor.boolean() ? 'true' : 'false');
    case 'int':
      return writeNumber(cursor, cursor.int(), logical, out);
    case 'long':
      return writeNumber(cursor, cursor.long(), logical, out);
    case 'float':
      out.reserve(scalarBytes);
      out.length = writeFloat(out.buffer, out.length, cursor.float());
      return;
    case 'double':
      out.reserve(scalarBytes);
      out.length = writeDouble(out.buffer, out.length, cursor.double());
      return;
    case 'string':
      if (as !== 'bytes') return writeString(cursor, out);
      return writeBytes(cursor, cursor.sized(), undefined, out);
    case 'bytes':
      if (as === 'text') return writeString(cursor, out);
      return writeBytes(cursor, cursor.sized(), logical, out);
    case 'fixed':
      return writeBytes(cursor, cursor.skip(type.size), logical, out);
    default:
      assert(false, `${type.kind} is no scalar`);
  }
}

function writeNumber(
  cursor: AvroCursor,
  value: number | bigint,
  logical: AvroLogical | undefined,
  out: OwnText,
): void {
  switch (logical?.kind) {
    case 'date':
      return appendText(out, `"${dateText(Number(value))}"`);
    case 'time': {
      const micros = logical.unit === 'millis' ? Number(value) * 1000 : Number(value);
      if (micros < 0 || micros >= microsPerDay) return cursor.fail(`${value} is no time of a day`);
      out.reserve(scalarBytes);
      out.buffer[out.length] = 0x22;
      out.length = writeTime(out.buffer, out.length + 1, micros);
      return appendText(out, '"');
    }
    case 'timestamp':
      return writeTimestamp(BigInt(value), logical.unit, out);
    default:
      return appendText(out, String(value));
  }
}

function writeTimestamp(value: bigint, unit: 'millis' | 'micros' | 'nanos', out: OwnText): void {
  const floor = value >= 0n ? value / 1000n : -((999n - value) / 1000n);
  const micros = unit === 'millis' ? value * 1000n : unit === 'micros' ? value : floor;
  out.reserve(scalarBytes);
  out.buffer[out.length] = 0x22;
  out.length = timestamps.writeBig(out.buffer, out.view, out.length + 1, micros);
  appendText(out, '"');
}

/** The bytes from `start` to where the cursor is. */
function writeBytes(cursor: AvroCursor, start: number, logical: AvroLogical | undefined, out: OwnText): void {
  const { data, at } = cursor;
  if (logical?.kind === 'decimal') {
    const unscaled = unscaledOf(data, start, at);
    if (unscaled === null) return cursor.fail('a decimal has more than 512 bytes');
    return appendText(out, decimalText(BigInt(unscaled), logical.scale));
  }
  if (logical?.kind === 'uuid') return appendText(out, `"${uuidText(data, start)}"`);
  out.reserve(Math.ceil((at - start) / 3) * 4 + 2);
  out.buffer[out.length] = 0x22;
  out.length = encodeBase64(data, start, at, out.buffer, out.length + 1);
  appendText(out, '"');
}

function writeString(cursor: AvroCursor, out: OwnText): void {
  const start = cursor.text();
  const { data, at } = cursor;
  out.reserve((at - start) * 6 + 2);
  out.buffer[out.length] = 0x22;
  out.length = copyEscaped(data, start, at, out.buffer, out.length + 1);
  appendText(out, '"');
}

const encoder = new TextEncoder();

/** ASCII or any other text, as it is. */
export function appendText(out: OwnText, text: string): void {
  out.reserve(text.length * 3);
  const at = out.length;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) < 0x80) continue;
    out.length += encoder.encodeInto(text, out.buffer.subarray(at)).written;
    return;
  }
  out.length = writeAscii(out.buffer, at, text);
}
