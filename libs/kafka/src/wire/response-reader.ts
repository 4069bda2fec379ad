import { WeirError } from '@weir/kernel/errors.ts';

/** Reads one answer. Running past its end is an error that names the answer, never a wrong value. */
export class ResponseReader {
  readonly bytes: Buffer;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  #take(count: number): number {
    const at = this.#at;
    if (count < 0 || at + count > this.bytes.length) {
      throw new WeirError(
        'WEIR-4004',
        `the broker's ${this.#what} answer ends after ${this.bytes.length} bytes, ${count} more were announced at byte ${at}`,
        { disposition: 'retry' },
      );
    }
    this.#at = at + count;
    return at;
  }

  int8(): number {
    return this.bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#take(2));
  }

  /** The int32 that comes next, which is not taken. */
  peekInt32(): number {
    const at = this.#at;
    const value = this.int32();
    this.#at = at;
    return value;
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#take(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.#take(8));
  }

  /** An int64 that is an offset, a count or a time: exact up to 2^53. */
  safeInt64(): number {
    const at = this.#take(8);
    return this.bytes.readInt32BE(at) * 2 ** 32 + this.bytes.readUInt32BE(at + 4);
  }

  bool(): boolean {
    return this.int8() !== 0;
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.#take(1)] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new WeirError('WEIR-4004', `the broker's ${this.#what} answer holds a varint of more than 5 bytes`);
  }

  #text(length: number): string {
    const at = this.#take(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.#text(length);
  }

  compactString(): string {
    return this.compactNullableString() ?? '';
  }

  compactNullableString(): string | null {
    const length = this.uvarint();
    return length === 0 ? null : this.#text(length - 1);
  }

  uuid(): string {
    const at = this.#take(16);
    return this.bytes.toString('hex', at, at + 16);
  }

  /** Position and length of a byte field; length -1 for null. */
  byteRange(): { start: number; length: number } {
    const length = this.int32();
    return { start: length < 0 ? this.#at : this.#take(length), length };
  }

  skipTags(): void {
    for (let left = this.uvarint(); left > 0; left -= 1) {
      this.uvarint();
      this.#take(this.uvarint());
    }
  }

  /** Null arrays are read as empty. */
  array<T>(read: () => T): T[] {
    return this.#items(this.int32(), read);
  }

  compactArray<T>(read: () => T): T[] {
    return this.#items(this.uvarint() - 1, read);
  }

  #items<T>(count: number, read: () => T): T[] {
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }
}
