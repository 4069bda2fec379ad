import type { Column } from '@weir/columnar/column.ts';
import { assert } from '@weir/kernel/assert.ts';
import { grownFlags } from './grow.ts';

/*
 * A row's sort columns as bytes whose order, byte by byte, is the order of the rows. Each value:
 *   u8 where NULLs stand: 0 NULL first, 1 a value, 2 NULL last
 *   boolean u8 · float 8 bytes big endian, the sign bit flipped, all of a negative one (NaN is the greatest, as in PostgreSQL, and -0 is 0)
 *   exact number 16 bytes big endian, two's complement with the sign bit flipped (38 digits are below 2^127)
 *   bytes each 0 as 0 255, then 0 0 · struct its fields
 * A descending column has its value's bytes inverted.
 */

export interface SortColumn {
  readonly column: Column;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

const twoTo32 = 4294967296;
const word = (value: bigint, shift: bigint): number => Number(BigInt.asUintN(32, value >> shift));

/** Encodes one row after the other into a buffer that is used again. */
export class SortEncoder {
  bytes: Uint8Array = new Uint8Array(64);
  #view = new DataView(this.bytes.buffer);
  #used = 0;

  /** Encodes the row from the start of `bytes`; returns the length. */
  encode(columns: readonly SortColumn[], row: number): number {
    this.#used = 0;
    for (const { column, descending, nullsFirst } of columns) {
      const from = this.#used + 1;
      this.#value(column, row, nullsFirst);
      if (!descending) continue;
      for (let at = from; at < this.#used; at += 1) this.bytes[at]! ^= 0xff;
    }
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

  #value(column: Column, row: number, nullsFirst: boolean): void {
    const isNull = column.nulls !== null && column.nulls[row] === 1;
    this.bytes[this.#take(1)] = isNull ? (nullsFirst ? 0 : 2) : 1;
    if (isNull) return;
    switch (column.kind) {
      case 'bool':
        this.bytes[this.#take(1)] = column.values[row]!;
        return;
      case 'float':
        this.#float(column.values[row]!);
        return;
      case 'int':
        if (column.big === null) this.#integer(column.values[row]!);
        else this.#big(column.big[row]!);
        return;
      case 'bytes':
        this.#text(column.data, column.starts[row]!, column.ends[row]!);
        return;
      default:
        assert(column.kind === 'struct', 'rows are sorted by scalars or structs');
        for (const child of column.children) this.#value(child, row, nullsFirst);
    }
  }

  #float(value: number): void {
    const at = this.#take(8);
    this.#view.setFloat64(at, value === 0 ? 0 : value === value ? value : NaN);
    const high = this.#view.getInt32(at);
    if (high < 0) {
      this.#view.setInt32(at, ~high);
      this.#view.setInt32(at + 4, ~this.#view.getInt32(at + 4));
    } else this.#view.setInt32(at, high ^ 0x8000_0000);
  }

  #integer(value: number): void {
    const at = this.#take(16);
    const sign = value < 0 ? -1 : 0;
    this.#view.setInt32(at, sign ^ 0x8000_0000);
    this.#view.setInt32(at + 4, sign);
    this.#view.setInt32(at + 8, Math.floor(value / twoTo32));
    this.#view.setUint32(at + 12, value >>> 0);
  }

  #big(value: bigint): void {
    const at = this.#take(16);
    this.#view.setInt32(at, word(value, 96n) ^ 0x8000_0000);
    this.#view.setUint32(at + 4, word(value, 64n));
    this.#view.setUint32(at + 8, word(value, 32n));
    this.#view.setUint32(at + 12, word(value, 0n));
  }

  #text(data: Uint8Array, start: number, end: number): void {
    // Room for the worst: all zeros.
    const first = this.#take(2 * (end - start) + 2);
    const target = this.bytes;
    let at = first;
    for (let index = start; index < end; index += 1) {
      const byte = data[index]!;
      target[at] = byte;
      at += 1;
      if (byte !== 0) continue;
      target[at] = 255;
      at += 1;
    }
    target[at] = 0;
    target[at + 1] = 0;
    this.#used = at + 2;
  }
}

/** The first six bytes as a number: never greater for a row that comes earlier. What an OrderedIndex has as its key. */
export function sortPrefix(bytes: Uint8Array, length: number): number {
  let prefix = 0;
  for (let at = 0; at < 6; at += 1) prefix = prefix * 256 + (at < length ? bytes[at]! : 0);
  return prefix;
}
