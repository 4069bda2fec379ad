import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { ScanBuffer } from './scan-buffer.ts';
import { closingQuote } from './scan-string.ts';
import { skipSpace, skipValue } from './scan-value.ts';
import { ValueReader } from './value-reader.ts';

export interface FieldReader {
  readonly name: Uint8Array;
  readonly reader: ValueReader;
}

/**
 * The fields of an object, in any order, with any white space: what the generated code falls back to. It compares each key first with
 * the one that followed the previous key the last time.
 *
 * Gives up (-1) on keys with escapes and on fields that stand twice: the plain reader deals with these.
 */
export class FieldsReader {
  readonly #names: readonly Uint8Array[];
  readonly #readers: readonly ValueReader[];
  readonly #byShape = new Map<number, number[]>();
  /** Field that came after field i - 1 the last time (index 0: first of the object). */
  readonly #next: Int32Array;
  /** Object in which a field was seen last: numbers are never used twice. */
  readonly #seen: Float64Array;
  readonly #depth: number;
  #object = 0;

  /** `depth`: objects and arrays open inside this object, itself included. */
  constructor(fields: readonly FieldReader[], depth: number) {
    this.#names = fields.map((field) => field.name);
    this.#readers = fields.map((field) => field.reader);
    this.#next = new Int32Array(fields.length + 1).fill(-1);
    this.#seen = new Float64Array(fields.length).fill(-1);
    this.#depth = depth;
    fields.forEach((field, index) => {
      const shape = shapeOf(field.name, 0, field.name.length);
      const same = this.#byShape.get(shape);
      if (same === undefined) this.#byShape.set(shape, [index]);
      else same.push(index);
    });
  }

  /** @param p at the opening brace */
  read(s: ScanBuffer, p: number, row: number): number {
    const { data, end } = s;
    if (p >= end || data[p] !== 0x7b) return -1;
    const object = (this.#object += 1);
    let previous = 0;
    let found = 0;
    p = skipSpace(data, p + 1, end);
    if (p < end && data[p] === 0x7d) return this.#missing(object, found, row) ? p + 1 : -1;
    for (;;) {
      if (p >= end || data[p] !== 0x22) return -1;
      const close = closingQuote(s, p + 1);
      if (close < 0 || s.escaped) return -1;
      const field = this.#find(data, p + 1, close, previous);
      p = skipSpace(data, close + 1, end);
      if (p >= end || data[p] !== 0x3a) return -1;
      p = skipSpace(data, p + 1, end);
      if (field < 0) p = skipValue(s, p, this.#depth);
      else {
        if (this.#seen[field] === object) return -1;
        this.#seen[field] = object;
        found += 1;
        this.#next[previous] = field;
        previous = field + 1;
        p = this.#readers[field]!.read(s, p, row);
      }
      if (p < 0) return -1;
      p = skipSpace(data, p, end);
      if (p >= end) return -1;
      if (data[p] === 0x7d) return this.#missing(object, found, row) ? p + 1 : -1;
      if (data[p] !== 0x2c) return -1;
      p = skipSpace(data, p + 1, end);
    }
  }

  #find(data: Uint8Array, start: number, end: number, previous: number): number {
    const expected = this.#next[previous]!;
    if (expected >= 0 && isName(this.#names[expected]!, data, start, end)) return expected;
    const candidates = this.#byShape.get(shapeOf(data, start, end));
    if (candidates === undefined) return -1;
    for (const field of candidates) if (isName(this.#names[field]!, data, start, end)) return field;
    return -1;
  }

  /** Fields that were not there are NULL. False when one may not be. */
  #missing(object: number, found: number, row: number): boolean {
    if (found === this.#readers.length) return true;
    for (let field = 0; field < this.#readers.length; field += 1) {
      if (this.#seen[field] === object) continue;
      const reader = this.#readers[field]!;
      if (!reader.nullable) return false;
      reader.builder.setNull(row);
    }
    return true;
  }
}

export class StructReader extends ValueReader {
  readonly fields: FieldsReader;

  constructor(builder: ColumnBuilder, nullable: boolean, fields: FieldsReader) {
    super(builder, nullable);
    this.fields = fields;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    return this.fields.read(s, p, row);
  }
}

function shapeOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  return length === 0 ? 0 : (length << 16) | (bytes[start]! << 8) | bytes[end - 1]!;
}

function isName(name: Uint8Array, data: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index += 1) {
    if (name[index] !== data[start + index]) return false;
  }
  return true;
}
