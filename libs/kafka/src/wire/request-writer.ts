/** Builds the body of one request; control requests only, so it is plain rather than fast. Big endian, as Kafka's protocol. */
export class RequestWriter {
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;

  #room(bytes: number): number {
    const at = this.#length;
    if (at + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, at + bytes));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    this.#length = at + bytes;
    return at;
  }

  /** A view of what was written. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  int8(value: number): this {
    const at = this.#room(1);
    this.#buffer.writeInt8(value, at);
    return this;
  }

  int16(value: number): this {
    const at = this.#room(2);
    this.#buffer.writeInt16BE(value, at);
    return this;
  }

  int32(value: number): this {
    const at = this.#room(4);
    this.#buffer.writeInt32BE(value, at);
    return this;
  }

  int64(value: bigint): this {
    const at = this.#room(8);
    this.#buffer.writeBigInt64BE(value, at);
    return this;
  }

  bool(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string): this {
    const bytes = Buffer.byteLength(value);
    this.int16(bytes);
    const at = this.#room(bytes);
    this.#buffer.write(value, at);
    return this;
  }

  nullableString(value: string | null): this {
    return value === null ? this.int16(-1) : this.string(value);
  }

  /** Unsigned varint, as the flexible versions use for lengths (plus one) and tags. */
  uvarint(value: number): this {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      const at = this.#room(1);
      this.#buffer[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    const at = this.#room(1);
    this.#buffer[at] = rest;
    return this;
  }

  compactString(value: string): this {
    const bytes = Buffer.byteLength(value);
    this.uvarint(bytes + 1);
    const at = this.#room(bytes);
    this.#buffer.write(value, at);
    return this;
  }

  compactNullableString(value: string | null): this {
    return value === null ? this.uvarint(0) : this.compactString(value);
  }

  zeros(count: number): this {
    const at = this.#room(count);
    this.#buffer.fill(0, at, at + count);
    return this;
  }

  noTags(): this {
    return this.uvarint(0);
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    items.forEach(write);
    return this;
  }

  compactArray<T>(items: readonly T[], write: (item: T) => void): this {
    this.uvarint(items.length + 1);
    items.forEach(write);
    return this;
  }
}
