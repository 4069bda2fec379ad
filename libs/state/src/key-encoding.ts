import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { present, unreachable } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { grownFlags } from './grow.ts';

/*
 * A row's keys as bytes: equal keys have equal bytes. Each value begins with a tag:
 *   0 NULL   1 boolean u8, integer or float f64, bytes u32 length and the bytes, struct its fields,
 *          list and map u32 count and their elements (a map's key, value)   2 integer beyond 2^53: u8 length, decimal text
 * It stands in state pieces: a change needs a new format version.
 */

const tagNull = 0;
const tagValue = 1;
const tagBig = 2;

export function refuseUnhashable(types: readonly SqlType[]): void {
  for (const type of types) {
    if (type.kind === 'list' || type.kind === 'map') {
      throw new WeirError('WEIR-2323', `rows cannot be grouped by a value of type ${formatType(type)}`);
    }
    if (type.kind === 'struct') refuseUnhashable(type.fields.map((field) => field.type));
  }
}

/** Encodes the keys of one row after the other into a buffer that is used again. */
export class KeyEncoder {
  bytes: Uint8Array = new Uint8Array(256);
  #view = new DataView(this.bytes.buffer);
  #used = 0;

  /** Encodes the row's keys from the start of `bytes`; returns their length. */
  encode(columns: readonly Column[], row: number): number {
    this.#used = 0;
    for (let index = 0; index < columns.length; index += 1) this.#value(columns[index]!, row);
    return this.#used;
  }

  #take(length: number): number {
    const at = this.#used;
    if (at + length > this.bytes.length) {
      this.bytes = grownFlags(this.bytes, Math.max(at + length, 2 * this.bytes.length));
      this.#view = new DataView(this.bytes.buffer);
    }
    this.#used = at + length;
    return at;
  }

  #value(column: Column, row: number): void {
    if (column.nulls !== null && column.nulls[row] === 1) {
      this.bytes[this.#take(1)] = tagNull;
      return;
    }
    switch (column.kind) {
      case 'bool': {
        const at = this.#take(2);
        this.bytes[at] = tagValue;
        this.bytes[at + 1] = column.values[row]!;
        return;
      }
      case 'int':
        if (column.big === null) this.#number(column.values[row]!);
        else this.#big(present(column.big[row], 'value'));
        return;
      case 'float': {
        const value = column.values[row]!;
        // One zero and one NaN.
        this.#number(value === 0 ? 0 : value === value ? value : NaN);
        return;
      }
      case 'bytes': {
        const start = column.starts[row]!;
        const length = column.ends[row]! - start;
        const at = this.#take(5 + length);
        this.bytes[at] = tagValue;
        this.#view.setUint32(at + 1, length, true);
        const target = this.bytes;
        for (let index = 0; index < length; index += 1) target[at + 5 + index] = column.data[start + index]!;
        return;
      }
      case 'struct':
        this.bytes[this.#take(1)] = tagValue;
        for (const child of column.children) this.#value(child, row);
        return;
      case 'list':
      case 'map': {
        const start = column.offsets[row]!;
        const end = column.offsets[row + 1]!;
        const at = this.#take(5);
        this.bytes[at] = tagValue;
        this.#view.setUint32(at + 1, end - start, true);
        const children = column.kind === 'list' ? [column.element] : [column.keys, column.values];
        for (let element = start; element < end; element += 1) {
          for (const child of children) this.#value(child, element);
        }
        return;
      }
      default:
        unreachable(column);
    }
  }

  #number(value: number): void {
    const at = this.#take(9);
    this.bytes[at] = tagValue;
    this.#view.setFloat64(at + 1, value, true);
  }

  #big(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) {
      this.#number(number);
      return;
    }
    const text = String(value);
    const at = this.#take(2 + text.length);
    this.bytes[at] = tagBig;
    this.bytes[at + 1] = text.length;
    for (let index = 0; index < text.length; index += 1) this.bytes[at + 2 + index] = text.charCodeAt(index);
  }
}

/** Reads encoded keys back into columns under construction. Text is not copied: the builders' `data` is the keys' buffer. */
export class KeyDecoder {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  /** Writes the keys that begin at `start` to row `row` of the builders. */
  decode(start: number, builders: readonly ColumnBuilder[], row: number): void {
    this.#at = start;
    for (const builder of builders) this.#value(builder, row);
  }

  #value(builder: ColumnBuilder, row: number): void {
    const tag = this.#data[this.#at]!;
    this.#at += 1;
    const column = builder.column;
    if (tag === tagNull) {
      builder.setNull(row);
      // Rows of bytes columns are readable at NULLs, too.
      if (column.kind === 'int') builder.setInt(row, 0);
      if (column.kind === 'bytes') {
        column.starts[row] = 0;
        column.ends[row] = 0;
      }
      return;
    }
    switch (column.kind) {
      case 'bool':
        column.values[row] = this.#data[this.#at]!;
        this.#at += 1;
        return;
      case 'int':
        builder.setInt(row, tag === tagBig ? this.#bigText() : this.#number());
        return;
      case 'float':
        column.values[row] = this.#number();
        return;
      case 'bytes': {
        const length = this.#view.getUint32(this.#at, true);
        column.data = this.#data;
        column.jsonPlain = false;
        column.starts[row] = this.#at + 4;
        column.ends[row] = this.#at + 4 + length;
        this.#at += 4 + length;
        return;
      }
      case 'struct':
        for (const child of builder.children) this.#value(child, row);
        return;
      case 'list':
      case 'map': {
        const count = this.#view.getUint32(this.#at, true);
        this.#at += 4;
        const start = column.offsets[row]!;
        for (const child of builder.children) child.reserve(start + count);
        for (let element = start; element < start + count; element += 1) {
          for (const child of builder.children) this.#value(child, element);
        }
        column.offsets[row + 1] = start + count;
        return;
      }
      default:
        unreachable(column);
    }
  }

  #number(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  #bigText(): bigint {
    const length = this.#data[this.#at]!;
    const text = String.fromCharCode(...this.#data.subarray(this.#at + 1, this.#at + 1 + length));
    this.#at += 1 + length;
    return BigInt(text);
  }
}
