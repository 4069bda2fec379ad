import type { ProtoScalar } from './proto-type.ts';
import {
  closeSized,
  maxVarintBytes,
  writeBigBits,
  writeBigZigzag,
  writeBits,
  writeFixed64,
} from './write-wire.ts';

/** Protobuf's values into a buffer that grows. */
export class WireBytes {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  /** All that was written. */
  taken(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  tag(number: number, wire: number): void {
    this.#reserve(maxVarintBytes);
    this.#length = writeBits(this.#buffer, this.#length, number * 8 + wire);
  }

  /** A whole number of one of the types that have them. */
  number(scalar: ProtoScalar, value: number | bigint): void {
    this.#reserve(maxVarintBytes);
    const at = this.#length;
    switch (scalar) {
      case 'fixed32':
      case 'sfixed32':
        this.#view.setInt32(at, Number(value) | 0, true);
        this.#length += 4;
        return;
      case 'fixed64':
      case 'sfixed64':
        this.#length = writeFixed64(this.#view, at, value);
        return;
      case 'sint32':
      case 'sint64':
        this.#length = writeBigZigzag(this.#buffer, at, BigInt(value));
        return;
      default:
        this.#length =
          typeof value === 'number'
            ? writeBits(this.#buffer, at, value)
            : writeBigBits(this.#buffer, at, value);
    }
  }

  float(scalar: 'float' | 'double', value: number): void {
    this.#reserve(8);
    if (scalar === 'float') this.#view.setFloat32(this.#length, value, true);
    else this.#view.setFloat64(this.#length, value, true);
    this.#length += scalar === 'float' ? 4 : 8;
  }

  /** Behind their length. */
  bytes(bytes: Uint8Array): void {
    this.#reserve(maxVarintBytes + bytes.length);
    this.#length = writeBits(this.#buffer, this.#length, bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Begins what stands behind its length. @returns what `close` is to be given */
  open(): number {
    this.#reserve(1);
    this.#length += 1;
    return this.#length - 1;
  }

  close(start: number): void {
    this.#reserve(maxVarintBytes);
    this.#length = closeSized(this.#buffer, start, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}
