import { grownFlags, grownIntegers, grownNumbers } from '../grow.ts';
import type { PieceReader, PieceWriter } from '../pieces/piece-codec.ts';

/** One value a slot, in typed arrays. Slots from `reserve` on hold the column's fill value until they are set. */
export interface StateColumn {
  /** Names the kind in a piece's layout. */
  readonly kind: string;
  /** Makes room for slots 0 .. count-1. Arrays may be replaced. */
  reserve(count: number): void;
  /** Forgets slots 0 .. used-1, keeps the room. */
  clear(used: number): void;
  /** Writes the values of slots[0 .. count). */
  write(writer: PieceWriter, slots: Int32Array, count: number): void;
  /** Reads `count` values; the j-th goes to slot targets[j], nowhere if that is negative. */
  read(reader: PieceReader, targets: Int32Array, count: number): void;
  readonly bytes: number;
}

export class NumberColumn implements StateColumn {
  readonly kind = 'f64';
  values: Float64Array = new Float64Array(0);
  readonly #fill: number;

  constructor(fill = 0) {
    this.#fill = fill;
  }

  get bytes(): number {
    return this.values.byteLength;
  }

  reserve(count: number): void {
    if (count > this.values.length) this.values = grownNumbers(this.values, count, this.#fill);
  }

  clear(used: number): void {
    this.values.fill(this.#fill, 0, used);
  }

  write(writer: PieceWriter, slots: Int32Array, count: number): void {
    const target = writer.numbers(count);
    const values = this.values;
    for (let index = 0; index < count; index += 1) target[index] = values[slots[index]!]!;
  }

  read(reader: PieceReader, targets: Int32Array, count: number): void {
    const source = reader.numbers(count);
    for (let index = 0; index < count; index += 1) {
      const slot = targets[index] ?? -1;
      if (slot >= 0) this.values[slot] = source[index] ?? 0;
    }
  }
}

export class FlagColumn implements StateColumn {
  readonly kind = 'u8';
  values: Uint8Array = new Uint8Array(0);

  get bytes(): number {
    return this.values.byteLength;
  }

  reserve(count: number): void {
    if (count > this.values.length) this.values = grownFlags(this.values, count);
  }

  clear(used: number): void {
    this.values.fill(0, 0, used);
  }

  write(writer: PieceWriter, slots: Int32Array, count: number): void {
    const target = writer.bytes(count);
    for (let index = 0; index < count; index += 1) target[index] = this.values[slots[index] ?? 0] ?? 0;
  }

  read(reader: PieceReader, targets: Int32Array, count: number): void {
    const source = reader.bytes(count);
    for (let index = 0; index < count; index += 1) {
      const slot = targets[index] ?? -1;
      if (slot >= 0) this.values[slot] = source[index] ?? 0;
    }
  }
}

/** Byte strings of any length, in one arena. A value that is replaced by a longer one leaves a gap; gaps are closed when they are half of it. */
export class BytesColumn implements StateColumn {
  readonly kind = 'bytes';
  data: Uint8Array = new Uint8Array(0);
  starts: Uint32Array = new Uint32Array(0);
  ends: Uint32Array = new Uint32Array(0);
  #used = 0;
  #live = 0;

  get bytes(): number {
    return this.data.length + this.starts.byteLength + this.ends.byteLength;
  }

  reserve(count: number): void {
    if (count <= this.starts.length) return;
    this.starts = grownIntegers(this.starts, count);
    this.ends = grownIntegers(this.ends, count);
  }

  clear(used: number): void {
    this.starts.fill(0, 0, used);
    this.ends.fill(0, 0, used);
    this.#used = 0;
    this.#live = 0;
  }

  set(slot: number, data: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const at = this.starts[slot] ?? 0;
    const old = (this.ends[slot] ?? 0) - at;
    this.#live += length - old;
    if (length <= old) {
      this.data.set(data.subarray(start, end), at);
      this.ends[slot] = at + length;
      return;
    }
    if (this.#used + length > this.data.length) this.#makeRoom(slot, length);
    this.data.set(data.subarray(start, end), this.#used);
    this.starts[slot] = this.#used;
    this.#used += length;
    this.ends[slot] = this.#used;
  }

  /** `leaving`: the slot whose value is about to be replaced. */
  #makeRoom(leaving: number, length: number): void {
    this.ends[leaving] = this.starts[leaving] ?? 0;
    const grown = new Uint8Array(Math.max(256, 2 * (this.#live + length)));
    let used = 0;
    for (let slot = 0; slot < this.starts.length; slot += 1) {
      const start = this.starts[slot] ?? 0;
      const end = this.ends[slot] ?? 0;
      if (end === start) continue;
      grown.set(this.data.subarray(start, end), used);
      this.starts[slot] = used;
      used += end - start;
      this.ends[slot] = used;
    }
    this.data = grown;
    this.#used = used;
  }

  write(writer: PieceWriter, slots: Int32Array, count: number): void {
    const ends = writer.integers(count);
    let total = 0;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index] ?? 0;
      total += (this.ends[slot] ?? 0) - (this.starts[slot] ?? 0);
      ends[index] = total;
    }
    const target = writer.bytes(total);
    let at = 0;
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index] ?? 0;
      const value = this.data.subarray(this.starts[slot] ?? 0, this.ends[slot] ?? 0);
      target.set(value, at);
      at += value.length;
    }
  }

  read(reader: PieceReader, targets: Int32Array, count: number): void {
    const ends = reader.integers(count);
    const source = reader.bytes(count === 0 ? 0 : (ends[count - 1] ?? 0));
    let start = 0;
    for (let index = 0; index < count; index += 1) {
      const end = ends[index] ?? 0;
      const slot = targets[index] ?? -1;
      if (slot >= 0) this.set(slot, source, start, end);
      start = end;
    }
  }
}
