import type { Column } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import { grownFlags } from '../grow.ts';
import { KeyDecoder, KeyEncoder } from '../key-encoding.ts';
import type { FieldKind } from './row-layout.ts';
import type { RowPage } from './row-page.ts';
import type { RowStore } from './row-store.ts';

const noBytes = new Uint8Array(0);

/** The values of a store's records: between columns and words. Who writes says `changed` to the store. */
export class RowFields {
  readonly #store: RowStore;
  readonly #kinds: readonly FieldKind[];
  readonly #first: number;
  readonly #encoder = new KeyEncoder();
  readonly #nested: Column[] = [];
  /** What bytes read last point into, by field. */
  readonly #read: Uint8Array[] = [];
  readonly #digits = new TextEncoder();

  constructor(store: RowStore) {
    this.#store = store;
    this.#kinds = store.layout.kinds;
    this.#first = store.layout.firstField;
  }

  /** A number field, such as a count: 0 in a new record. */
  number(slot: number, field: number): number {
    return this.#store.page(slot).words[this.#store.record(slot) + this.#first + field]!;
  }

  setNumber(slot: number, field: number, value: number): void {
    this.#store.page(slot).words[this.#store.record(slot) + this.#first + field] = value;
  }

  isNull(slot: number, field: number): boolean {
    const place = nullPlace(this.#store.record(slot), field);
    return (this.#store.page(slot).ints[place]! & (1 << (field & 31))) !== 0;
  }

  #isAbsent(slot: number, field: number): boolean {
    return slot < 0 || this.isNull(slot, field);
  }

  #setNull(page: RowPage, record: number, field: number, isNull: boolean): void {
    const place = nullPlace(record, field);
    const bit = 1 << (field & 31);
    page.ints[place] = isNull ? page.ints[place]! | bit : page.ints[place]! & ~bit;
  }

  /** Numbers of a field that has no NULLs into columns by batch: what a working set is made of. */
  gather(field: number, slots: Int32Array, count: number, into: Float64Array): void {
    const store = this.#store;
    const at = this.#first + field;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      into[index] = store.page(slot).words[store.record(slot) + at]!;
    }
  }

  /** The other way round. */
  put(field: number, slots: Int32Array, count: number, from: Float64Array): void {
    const store = this.#store;
    const at = this.#first + field;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      store.page(slot).words[store.record(slot) + at] = from[index]!;
    }
  }

  /** Sets a field to a column's value. */
  write(slot: number, field: number, column: Column, row: number): void {
    const page = this.#store.page(slot);
    const record = this.#store.record(slot);
    const word = record + this.#first + field;
    const kind = this.#kinds[field]!;
    const isNull = column.nulls !== null && column.nulls[row] === 1;
    this.#setNull(page, record, field, isNull);
    if (kind === 'number') {
      page.words[word] = isNull ? 0 : numberOf(column, row);
      return;
    }
    const before = heldBytes(page, word, kind);
    if (isNull) {
      page.setBytes(word, noBytes, 0, 0, before, false);
      page.words[word] = 0;
    } else if (kind === 'integer') this.#writeInteger(page, word, column, row, before);
    else if (column.kind === 'bytes' && kind === 'bytes') {
      page.setBytes(word, column.data, column.starts[row]!, column.ends[row]!, before, false);
    } else {
      const length = this.#encode(column, row);
      page.setBytes(word, this.#encoder.bytes, 0, length, before, false);
    }
  }

  #writeInteger(page: RowPage, word: number, column: Column, row: number, before: number): void {
    assert(column.kind === 'int', 'an exact number comes from a column of integers');
    const big = column.big === null ? undefined : column.big[row];
    const number = big === undefined ? column.values[row]! : Number(big);
    if (big === undefined || Number.isSafeInteger(number)) {
      if (before > 0) page.setBytes(word, noBytes, 0, 0, before, true);
      page.words[word] = number === 0 ? 0 : number;
      return;
    }
    const text = this.#digits.encode(String(big));
    page.setBytes(word, text, 0, text.length, before, true);
  }

  /** Into the encoder's `bytes`, which it may replace. */
  #encode(column: Column, row: number): number {
    this.#nested[0] = column;
    return this.#encoder.encode(this.#nested, row);
  }

  /** Whether a field has a column's value; NULL is NULL, NaN is NaN. */
  equals(slot: number, field: number, column: Column, row: number): boolean {
    const page = this.#store.page(slot);
    const record = this.#store.record(slot);
    const isNull = column.nulls !== null && column.nulls[row] === 1;
    const nullHere = (page.ints[nullPlace(record, field)]! & (1 << (field & 31))) !== 0;
    if (isNull || nullHere) return isNull && nullHere;
    const word = record + this.#first + field;
    switch (this.#kinds[field]!) {
      case 'number':
        return Object.is(page.words[word]!, numberOf(column, row));
      case 'integer':
        return equalIntegers(page, word, column, row);
      case 'bytes':
        assert(column.kind === 'bytes', 'bytes are compared with bytes');
        return equalBytes(page, word, column.data, column.starts[row]!, column.ends[row]!);
      default: {
        const length = this.#encode(column, row);
        return equalBytes(page, word, this.#encoder.bytes, 0, length);
      }
    }
  }

  /** Whether two records have the same in a field. */
  equalFields(a: number, b: number, field: number): boolean {
    const nullA = this.isNull(a, field);
    if (nullA || this.isNull(b, field)) return nullA === this.isNull(b, field);
    const at = this.#first + field;
    const page = this.#store.page(a);
    const word = this.#store.record(a) + at;
    const otherPage = this.#store.page(b);
    const other = this.#store.record(b) + at;
    const kind = this.#kinds[field]!;
    if (kind === 'number') return Object.is(page.words[word]!, otherPage.words[other]!);
    const big = kind === 'integer';
    if (big && !(page.isBig(word) && otherPage.isBig(other)))
      return page.words[word] === otherPage.words[other];
    const start = otherPage.offsetAt(other);
    return equalBytes(page, word, otherPage.heap, start, start + otherPage.lengthAt(other, big), big);
  }

  kindOf(field: number): FieldKind {
    return this.#kinds[field]!;
  }

  /** The order of two records by a field that is NULL in neither: negative, 0, positive. NaN is the greatest; bytes go byte by byte. */
  compareFields(a: number, b: number, field: number): number {
    const kind = this.#kinds[field]!;
    if (kind === 'number') return compareNumbers(this.number(a, field), this.number(b, field));
    if (kind !== 'integer') return this.compare(a, b, field, 0);
    const [x, y] = [this.exact(a, field), this.exact(b, field)];
    return x < y ? -1 : x > y ? 1 : 0;
  }

  /** Whether data[start .. end) comes before the bytes of a field. */
  isAfter(slot: number, field: number, data: Uint8Array, start: number, end: number): boolean {
    const page = this.#store.page(slot);
    const word = this.#store.record(slot) + this.#first + field;
    const length = page.lengthAt(word, false);
    const from = page.offsetAt(word);
    const common = Math.min(length, end - start);
    for (let index = 0; index < common; index += 1) {
      const difference = data[start + index]! - page.heap[from + index]!;
      if (difference !== 0) return difference < 0;
    }
    return end - start < length;
  }

  /** Which of two records comes first by the bytes of a field, the last `without` left out: negative, 0, positive. */
  compare(a: number, b: number, field: number, without: number): number {
    const store = this.#store;
    const [page, other] = [store.page(a), store.page(b)];
    const word = store.record(a) + this.#first + field;
    const against = store.record(b) + this.#first + field;
    const length = page.lengthAt(word, false) - without;
    const otherLength = other.lengthAt(against, false) - without;
    const [from, otherFrom] = [page.offsetAt(word), other.offsetAt(against)];
    const common = Math.min(length, otherLength);
    for (let index = 0; index < common; index += 1) {
      const difference = page.heap[from + index]! - other.heap[otherFrom + index]!;
      if (difference !== 0) return difference;
    }
    return length - otherLength;
  }

  /** The first six bytes of a bytes field as a number; what lies behind a shorter one counts as 0. */
  bytesPrefix(slot: number, field: number): number {
    const page = this.#store.page(slot);
    const word = this.#store.record(slot) + this.#first + field;
    const start = page.offsetAt(word);
    const length = page.lengthAt(word, false);
    let prefix = 0;
    for (let index = 0; index < 6; index += 1)
      prefix = prefix * 256 + (index < length ? page.heap[start + index]! : 0);
    return prefix;
  }

  /** An exact number of any size; the field isn't NULL. */
  exact(slot: number, field: number): number | bigint {
    const page = this.#store.page(slot);
    const word = this.#store.record(slot) + this.#first + field;
    const value = page.words[word]!;
    return value === value ? value : bigAt(page, word);
  }

  /**
   * Writes a field of slots[0 .. count) to rows at .. at+count-1 of a builder; NULL for a negative slot. Bytes are valid until the next call for this field
   * with `at` 0: others go on behind what is there.
   */
  read(field: number, slots: Int32Array, count: number, builder: ColumnBuilder, at = 0): void {
    builder.reserve(at + count);
    const kind = this.#kinds[field]!;
    if (kind === 'nested') return this.#readNested(field, slots, count, builder, at);
    if (kind === 'bytes') return this.#readBytes(field, slots, count, builder, at);
    const column = builder.column;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index]!;
      const row = at + index;
      if (slot < 0) {
        builder.setNull(row);
        continue;
      }
      const page = this.#store.page(slot);
      const word = this.#store.record(slot) + this.#first + field;
      const value = page.words[word]!;
      if (this.isNull(slot, field)) builder.setNull(row);
      if (column.kind === 'float' || column.kind === 'bool') column.values[row] = value;
      else if (value === value) builder.setInt(row, value);
      else builder.setInt(row, bigAt(page, word));
    }
  }

  #readBytes(field: number, slots: Int32Array, count: number, builder: ColumnBuilder, at: number): void {
    const column = builder.column;
    assert(column.kind === 'bytes', 'bytes are read as bytes');
    column.data = this.#copyHeap(field, slots, count, column.ends, at);
    column.jsonPlain = false;
    for (let row = at; row < at + count; row += 1) {
      column.starts[row] = row === 0 ? 0 : column.ends[row - 1]!;
      if (this.#isAbsent(slots[row - at]!, field)) builder.setNull(row);
    }
  }

  #readNested(field: number, slots: Int32Array, count: number, builder: ColumnBuilder, at: number): void {
    const ends = new Int32Array(count);
    const data = this.#copyHeap(field, slots, count, ends, 0);
    const decoder = new KeyDecoder(data);
    const only = [builder];
    for (let index = 0; index < count; index += 1) {
      if (this.#isAbsent(slots[index]!, field)) builder.setNull(at + index);
      else decoder.decode(index === 0 ? 0 : ends[index - 1]!, only, at + index);
    }
  }

  /** What a field of the slots points to, one after the other behind what `ends` has before `at`, with the end of each. */
  #copyHeap(field: number, slots: Int32Array, count: number, ends: Int32Array, at: number): Uint8Array {
    let data = this.#read[field] ?? new Uint8Array(1024);
    let used = at === 0 ? 0 : ends[at - 1]!;
    for (let row = at; row < at + count; row += 1) {
      const slot = slots[row - at]!;
      ends[row] = used;
      if (slot < 0) continue;
      const page = this.#store.page(slot);
      const word = this.#store.record(slot) + this.#first + field;
      const length = page.lengthAt(word, false);
      if (used + length > data.length) data = grownFlags(data, Math.max(used + length, 2 * data.length));
      const from = page.offsetAt(word);
      for (let index = 0; index < length; index += 1) data[used + index] = page.heap[from + index]!;
      used += length;
      ends[row] = used;
    }
    this.#read[field] = data;
    return data;
  }
}

/** Index of the ints of a page in which the field's NULL bit is. */
function nullPlace(record: number, field: number): number {
  return field < 32 ? 2 * record + 3 : 2 * record + 3 + (field >>> 5);
}

function numberOf(column: Column, row: number): number {
  assert(column.kind === 'bool' || column.kind === 'float', 'a number comes from a column of numbers');
  const value = column.values[row]!;
  // One zero and one NaN.
  return value === 0 ? 0 : value === value ? value : NaN;
}

/** NaN is the greatest. */
function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a === b ? 0 : Number(a !== a) - Number(b !== b);
}

function heldBytes(page: RowPage, word: number, kind: FieldKind): number {
  if (kind === 'integer') return page.isBig(word) ? page.lengthAt(word, true) : 0;
  return page.lengthAt(word, false);
}

function bigAt(page: RowPage, word: number): bigint {
  const start = page.offsetAt(word);
  return BigInt(String.fromCharCode(...page.heap.subarray(start, start + page.lengthAt(word, true))));
}

function equalIntegers(page: RowPage, word: number, column: Column, row: number): boolean {
  assert(column.kind === 'int', 'exact numbers are compared with exact numbers');
  const value = page.words[word]!;
  if (column.big === null) return value === column.values[row]!;
  return value === value ? BigInt(value) === column.big[row] : bigAt(page, word) === column.big[row];
}

function equalBytes(
  page: RowPage,
  word: number,
  data: Uint8Array,
  start: number,
  end: number,
  big = false,
): boolean {
  const length = end - start;
  if (page.lengthAt(word, big) !== length) return false;
  const from = page.offsetAt(word);
  const heap = page.heap;
  for (let index = 0; index < length; index += 1)
    if (heap[from + index] !== data[start + index]) return false;
  return true;
}
