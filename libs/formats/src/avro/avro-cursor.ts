import { utf8Length } from '../json/scan-string.ts';

/** Why a record can't be read: thrown by AvroCursor, caught by the decoder. */
export class AvroProblem extends Error {
  /** The byte of `data` that was reached. */
  readonly at: number;
  readonly hint: string | undefined;

  constructor(message: string, at: number, hint?: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

/** Records, arrays and maps inside each other in data, at most (A8). */
const maxDepth = 64;
/** Items and records that take no bytes (A7), in all of a record: 16 M nulls would fit into five bytes. */
const maxEmptyItems = 65_536;

/**
 * Reads one record's bytes and never others: each method moves `at`, and throws AvroProblem where the record ends before the value does or
 * the bytes are no such value.
 */
export class AvroCursor {
  data: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.data.buffer);
  at = 0;
  /** Of the record. */
  end = 0;
  /** The field being read, for messages. */
  where = '';
  #depth = 0;
  #emptyItems = 0;
  #more = false;

  /** Whose bytes the next records are. */
  use(data: Uint8Array): void {
    if (data === this.data) return;
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  begin(start: number, end: number): void {
    this.at = start;
    this.end = end;
    this.where = '';
    this.#depth = 0;
    this.#emptyItems = 0;
  }

  fail(message: string, hint?: string): never {
    throw new AvroProblem(message, this.at, hint);
  }

  /** Into a record, an array or a map; `leave` when it was read. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > maxDepth) this.fail(`values lie more than ${maxDepth} deep`);
  }

  leave(): void {
    this.#depth -= 1;
  }

  boolean(): boolean {
    const byte = this.#byte();
    if (byte > 1) this.fail(`a boolean is the byte 0 or 1, not ${byte}`);
    return byte === 1;
  }

  /** A number of 32 bits. */
  int(): number {
    const value = this.long();
    if (typeof value === 'number' && value >= -0x80000000 && value <= 0x7fffffff) return value;
    return this.fail(`an int has 32 bits, ${value} has more`);
  }

  /** A number of 64 bits: a bigint where a double doesn't hold it. */
  long(): number | bigint {
    const low = this.#bits28();
    if (!this.#more) return (low >>> 1) ^ -(low & 1);
    const middle = this.#bits28();
    const high = this.#more ? this.#byte() : 0;
    let top = high & 0x7f;
    if (high > 0x7f) {
      const last = this.#byte();
      if (last > 1) this.fail('a number is longer than 64 bits');
      top += last * 0x80;
    }
    if (top === 0 && middle < 0x4000000) {
      const half = (low >>> 1) + middle * 0x8000000;
      if ((low & 1) === 0) return half;
      if (half < Number.MAX_SAFE_INTEGER) return -half - 1;
    }
    const bits = (BigInt(top) << 56n) | (BigInt(middle) << 28n) | BigInt(low);
    return (bits >> 1n) ^ -(bits & 1n);
  }

  /** Four groups of seven bits, or fewer; `#more` says whether another one follows. */
  #bits28(): number {
    let bits = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      bits |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.#more = false;
        return bits;
      }
    }
    this.#more = true;
    return bits;
  }

  float(): number {
    return this.view.getFloat32(this.skip(4), true);
  }

  double(): number {
    return this.view.getFloat64(this.skip(8), true);
  }

  /** Leaves so many bytes out. @returns where they began */
  skip(bytes: number): number {
    const start = this.at;
    if (bytes > this.end - start)
      this.fail(`${bytes} bytes were to follow, the record ends after ${this.end - start}`);
    this.at = start + bytes;
    return start;
  }

  /** The bytes of `bytes` or `string`, behind their length. @returns where they begin; they end at `at` */
  sized(): number {
    const length = this.long();
    if (typeof length !== 'number' || length < 0) return this.fail(`${length} is no length`);
    return this.skip(length);
  }

  /** As `sized`; the bytes are UTF-8. */
  text(): number {
    const start = this.sized();
    if (!isUtf8(this.data, this.view, start, this.at)) this.fail('a string is no UTF-8 text');
    return start;
  }

  /** An index of a branch or a symbol. */
  index(count: number, what: string): number {
    const value = this.long();
    if (typeof value === 'number' && value >= 0 && value < count) return value;
    return this.fail(`${what} ${value} of ${count} was written`);
  }

  /** Items of the next block of an array or a map; 0: there are no more. Their bytes, where the writer says them, are not needed (A6). */
  block(): number {
    const count = this.long();
    if (typeof count !== 'number') return this.fail(`${count} is no number of items`);
    if (count < 0) this.#blockSize();
    return Math.abs(count);
  }

  /** Leaves out the blocks whose bytes the writer says. @returns items of the next block that must be read; 0: there are no more */
  skipBlocks(): number {
    for (;;) {
      const count = this.long();
      if (typeof count !== 'number') return this.fail(`${count} is no number of items`);
      if (count >= 0) return count;
      this.skip(this.#blockSize());
    }
  }

  #blockSize(): number {
    const size = this.long();
    if (typeof size !== 'number' || size < 0 || size > this.end - this.at)
      return this.fail(`a block of ${size} bytes was to follow, the record ends after ${this.end - this.at}`);
    return size;
  }

  /** An item or a record that began at `start` was read: those without bytes are bounded. */
  valueRead(start: number): void {
    if (this.at > start) return;
    this.#emptyItems += 1;
    if (this.#emptyItems > maxEmptyItems)
      this.fail(`the record holds more than ${maxEmptyItems} values without bytes`);
  }

  /** Reads a value that stands elsewhere: a default. */
  aside(bytes: Uint8Array, read: () => void): void {
    const { data, view, at, end } = this;
    this.use(bytes);
    this.at = 0;
    this.end = bytes.length;
    read();
    this.data = data;
    this.view = view;
    this.at = at;
    this.end = end;
  }

  #byte(): number {
    if (this.at >= this.end) this.fail('the record ends before its last value does');
    this.at += 1;
    return this.data[this.at - 1]!;
  }
}

/** Whether the bytes are UTF-8. Eight at a time while they are ASCII. */
export function isUtf8(data: Uint8Array, view: DataView, p: number, end: number): boolean {
  for (;;) {
    while (p + 8 <= end && ((view.getInt32(p, true) | view.getInt32(p + 4, true)) & 0x80808080) === 0) p += 8;
    while (p < end && data[p]! < 0x80) p += 1;
    if (p >= end) return true;
    const length = utf8Length(data, p, end);
    if (length === 0) return false;
    p += length;
  }
}
