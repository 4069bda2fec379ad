import type { Field } from '@weir/columnar/sql-type.ts';
import type { ScanBuffer } from './scan-buffer.ts';
import { closingQuote } from './scan-string.ts';
import { afterByteOrderMark, skipSpace, skipValue } from './scan-value.ts';

/**
 * How a producer writes an object: the bytes around its values (braces, keys, colons, commas, white space), in the order seen.
 * before[0] value[0] before[1] value[1] … tail
 */
export interface ObjectShape {
  readonly values: readonly ShapeValue[];
  readonly tail: string;
}

export interface ShapeValue {
  /** Bytes before the value, since the previous one: `,"name":`. Latin-1. */
  readonly before: string;
  /** Index of the field, or -1: no column wants it. */
  readonly field: number;
  /** For a struct column: the shape of its objects, when it is known. */
  readonly nested: ObjectShape | null;
  /** The value seen was a string. */
  readonly quoted: boolean;
}

const maxValues = 400;
const maxLiteral = 8000;

/** Shapes of struct columns seen earlier, by path: the next record may have a null there. */
export type KnownShapes = Map<string, ObjectShape>;

/**
 * The shape of the object at `p`, with all white space from `from` on; null when it can't be speculated on (no fields, a field that stands twice,
 * escapes in keys, very large).
 * @param to up to where the tail goes: the end of the record, or -1 for just behind the brace
 */
export function learnShape(
  s: ScanBuffer,
  from: number,
  fields: readonly Field[],
  known: KnownShapes,
  path: string,
): { shape: ObjectShape; end: number } | null {
  const { data, end } = s;
  let p = skipSpace(data, afterByteOrderMark(data, from, end), end);
  if (data[p] !== 0x7b) return null;
  const values: ShapeValue[] = [];
  const seen = new Set<string>();
  let literalStart = from;
  let literalBytes = 0;
  p = skipSpace(data, p + 1, end);
  for (;;) {
    if (p >= end || data[p] !== 0x22 || values.length >= maxValues) return null;
    const close = closingQuote(s, p + 1);
    if (close < 0 || s.escaped) return null;
    const name = utf8Text(data, p + 1, close);
    if (seen.has(name)) return null;
    seen.add(name);
    p = skipSpace(data, close + 1, end);
    if (p >= end || data[p] !== 0x3a) return null;
    p = skipSpace(data, p + 1, end);
    const before = latin1Text(data, literalStart, p);
    literalBytes += before.length;
    if (literalBytes > maxLiteral || p >= end) return null;
    const field = fields.findIndex((candidate) => candidate.name === name);
    const quoted = data[p] === 0x22;
    const below = nestedShape(s, p, fields[field], known, `${path}.${name}`);
    p = below?.end ?? skipValue(s, p, 1);
    if (p < 0) return null;
    values.push({ before, field, nested: below?.shape ?? null, quoted });
    literalStart = p;
    p = skipSpace(data, p, end);
    if (p >= end) return null;
    if (data[p] === 0x7d) break;
    if (data[p] !== 0x2c) return null;
    p = skipSpace(data, p + 1, end);
  }
  return { shape: { values, tail: latin1Text(data, literalStart, p + 1) }, end: p + 1 };
}

function nestedShape(
  s: ScanBuffer,
  p: number,
  field: Field | undefined,
  known: KnownShapes,
  path: string,
): { shape: ObjectShape; end: number | undefined } | null {
  if (field?.type.kind !== 'struct') return null;
  if (s.data[p] === 0x7b) {
    const learned = learnShape(s, p, field.type.fields, known, path);
    if (learned === null) return null;
    known.set(path, learned.shape);
    return learned;
  }
  const shape = known.get(path);
  return shape === undefined ? null : { shape, end: undefined };
}

function latin1Text(data: Uint8Array, start: number, end: number): string {
  return Buffer.from(data.buffer, data.byteOffset + start, end - start).toString('latin1');
}

function utf8Text(data: Uint8Array, start: number, end: number): string {
  return Buffer.from(data.buffer, data.byteOffset + start, end - start).toString('utf8');
}
