import { booleanFromText } from '@weir/columnar/boolean-text.ts';
import type { PlainRow, PlainValue } from '@weir/columnar/row-view.ts';
import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { intervalFromText } from '@weir/columnar/interval-text.ts';
import { unreachable } from '@weir/kernel/assert.ts';
import { cutToPrecision, dateFromText, timeFromText, timestampFromText } from '@weir/columnar/time-text.ts';
import { scaledInteger } from '@weir/columnar/decimal-text.ts';
import type { JsonOptions } from './json-options.ts';
import { exactNumberOf, floatOf, quotedNumber } from './number-readers.ts';
import { JsonProblem, parseJson, type JsonNode } from './plain-parse.ts';
import { booleanOfNumber, maxTimestampMicros, minTimestampMicros } from './scalar-readers.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A record as text. @throws JsonProblem when it isn't UTF-8 */
function recordText(record: Uint8Array): string {
  try {
    return strictUtf8.decode(record);
  } catch {
    throw new JsonProblem(0, '$', 'UTF-8', 'bytes that are none');
  }
}

/**
 * Reads one record the slow, plain way: see parseJson for why.
 * @returns a value for each field
 * @throws JsonProblem
 */
export function readPlainRow(record: Uint8Array, fields: readonly Field[], options: JsonOptions): PlainRow {
  const text = recordText(record);
  const node = parseJson(text);
  if (options.unstructured) return [text.slice(node.start, node.end)];
  if (node.kind !== 'object') throw mismatch(node, '$', 'an object', text);
  return readFields(node, fields, '$', { text, options });
}

interface PlainContext {
  readonly text: string;
  readonly options: JsonOptions;
}

function describe(node: JsonNode, text: string): string {
  const source = text.slice(node.start, Math.min(node.end, node.start + 40));
  const shown = node.end - node.start > 40 ? `${source}…` : source;
  return node.kind === 'null'
    ? 'null'
    : `${node.kind === 'true' || node.kind === 'false' ? 'boolean' : node.kind} ${shown}`;
}

function mismatch(node: JsonNode, path: string, expected: string, text: string): JsonProblem {
  return new JsonProblem(node.start, path, expected, describe(node, text));
}

function readFields(
  node: Extract<JsonNode, { kind: 'object' }>,
  fields: readonly Field[],
  path: string,
  context: PlainContext,
): PlainRow {
  const last = new Map(node.entries);
  return fields.map((field) => {
    const value = last.get(field.name);
    const below = `${path}.${field.name}`;
    if (value !== undefined) return readValue(value, field, below, context);
    if (field.nullable || field.type.kind === 'null') return null;
    throw new JsonProblem(node.start, below, `a value (${formatType(field.type)} NOT NULL)`, 'no such field');
  });
}

function readValue(node: JsonNode, field: Field, path: string, context: PlainContext): PlainValue {
  const { type } = field;
  if (node.kind === 'null') {
    if (field.nullable || type.kind === 'null') return null;
    throw mismatch(node, path, `a value (${formatType(type)} NOT NULL)`, context.text);
  }
  const value = readNotNull(node, type, path, context);
  if (value === undefined) throw mismatch(node, path, expectation(type, context.options), context.text);
  return value;
}

/** Undefined: the value doesn't fit. */
function readNotNull(
  node: JsonNode,
  type: SqlType,
  path: string,
  context: PlainContext,
): PlainValue | undefined {
  switch (type.kind) {
    case 'null':
      return undefined;
    case 'interval':
      return node.kind === 'string' ? (intervalFromText(node.text, type.unit) ?? undefined) : undefined;
    case 'boolean':
      return readBoolean(node, context.options);
    case 'integer':
    case 'decimal':
      return readExact(node, type, context.options);
    case 'float':
      return readFloat(node, type.bits, context.options);
    case 'text':
      if (node.kind === 'string') return node.text;
      return context.options.strict ? undefined : context.text.slice(node.start, node.end);
    case 'json':
      return context.text.slice(node.start, node.end);
    case 'bytes':
      return node.kind === 'string' ? readBase64(node.text) : undefined;
    case 'date':
      return node.kind === 'string' ? readDate(node.text) : undefined;
    case 'time':
      return node.kind === 'string' ? readTime(node.text, type.precision) : undefined;
    case 'timestamp':
      return readTimestamp(node, type.precision, context.options);
    case 'struct':
      return node.kind === 'object' ? readFields(node, type.fields, path, context) : undefined;
    case 'list':
      if (node.kind !== 'array') return undefined;
      return node.items.map((item, index) => readValue(item, type.element, `${path}[${index}]`, context));
    case 'map':
      if (node.kind !== 'object') return undefined;
      return [...new Map(node.entries)].map(([key, item]) => [
        key,
        readValue(item, type.value, `${path}.${key}`, context),
      ]);
    default:
      return unreachable(type);
  }
}

function expectation(type: SqlType, options: JsonOptions): string {
  const name = formatType(type);
  if (type.kind === 'timestamp') {
    if (options.timestampFormat === 'unix_millis') return `${name} as a number of milliseconds since 1970`;
    if (options.timestampFormat === 'unix_micros') return `${name} as a number of microseconds since 1970`;
    return `${name} like "2026-01-31T23:59:59.123Z"`;
  }
  if (type.kind === 'date') return 'DATE like "2026-01-31"';
  if (type.kind === 'time') return `${name} like "23:59:59.123"`;
  if (type.kind === 'interval')
    return `INTERVAL like "${type.unit === 'months' ? '1 year 2 mons' : '3 days 04:05:06'}"`;
  if (type.kind === 'bytes') return 'BYTEA as base64 in a string';
  return name;
}

function readBoolean(node: JsonNode, options: JsonOptions): boolean | undefined {
  if (node.kind === 'true' || node.kind === 'false') return node.kind === 'true';
  if (options.strict) return undefined;
  if (node.kind === 'string') return booleanFromText(node.text) ?? undefined;
  return node.kind === 'number' ? (booleanOfNumber(Number(node.text)) ?? undefined) : undefined;
}

function readExact(node: JsonNode, type: SqlType, options: JsonOptions): bigint | undefined {
  if (node.kind !== 'number' && !(node.kind === 'string' && quotedNumber(type, options))) return undefined;
  const rules = exactNumberOf(type);
  const value = scaledInteger(node.text, rules.scale, rules.exact);
  return value === null || value < rules.min || value > rules.max ? undefined : value;
}

function readFloat(node: JsonNode, bits: 32 | 64, options: JsonOptions): number | undefined {
  if (node.kind !== 'number' && node.kind !== 'string') return undefined;
  const value = floatOf(node.text, node.kind === 'string', options.strict);
  if (value === null) return undefined;
  const stored = bits === 32 ? Math.fround(value) : value;
  return Number.isFinite(value) && !Number.isFinite(stored) ? undefined : stored;
}

function readBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/.test(text))
    return undefined;
  const bytes = Buffer.from(text, 'base64');
  const same =
    bytes.toString('base64url') === text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  return same ? new Uint8Array(bytes) : undefined;
}

function readDate(text: string): bigint | undefined {
  const days = dateFromText(text);
  return days === null ? undefined : BigInt(days);
}

function cut(micros: number | bigint, precision: number): bigint {
  return BigInt(cutToPrecision(micros, precision));
}

function readTime(text: string, precision: number): bigint | undefined {
  const micros = timeFromText(text);
  return micros === null ? undefined : cut(micros, precision);
}

function readTimestamp(node: JsonNode, precision: number, options: JsonOptions): bigint | undefined {
  const unit = { rfc3339: 0n, sql: 0n, unix_millis: 1000n, unix_micros: 1n }[options.timestampFormat];
  if (unit > 0n) {
    if (node.kind !== 'number' && (node.kind !== 'string' || options.strict)) return undefined;
    const units = scaledInteger(node.text, 0, true);
    if (units === null) return undefined;
    const micros = units * unit;
    return micros > maxTimestampMicros || micros < minTimestampMicros ? undefined : cut(micros, precision);
  }
  if (node.kind !== 'string') return undefined;
  const micros = timestampFromText(node.text);
  return micros === null ? undefined : cut(micros, precision);
}
