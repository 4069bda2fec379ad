import { grownNumbers } from '../grow.ts';
import type { PieceReader, PieceWriter } from '../pieces/piece-codec.ts';
import type { StateColumn } from './state-column.ts';

const limbBits = 52n;
const limb = 2 ** 52;

/**
 * Exact integers of up to 156 bits: lo + mid * 2^52 + hi * 2^104. The upper limbs are there only once a value needs them.
 * Invariant: |lo| <= 2^52, so that adding a number of at most 2^52 is exact. NaN in `lo` may stand for "no value" (the fill).
 */
export class ExactColumn implements StateColumn {
  readonly kind = 'exact';
  lo: Float64Array = new Float64Array(0);
  #mid: Float64Array | null = null;
  #hi: Float64Array | null = null;
  readonly #fill: number;

  constructor(fill = 0) {
    this.#fill = fill;
  }

  get bytes(): number {
    return this.lo.byteLength + (this.#mid?.byteLength ?? 0) + (this.#hi?.byteLength ?? 0);
  }

  reserve(count: number): void {
    if (count <= this.lo.length) return;
    this.lo = grownNumbers(this.lo, count, this.#fill);
    if (this.#mid !== null) this.#mid = grownNumbers(this.#mid, count, 0);
    if (this.#hi !== null) this.#hi = grownNumbers(this.#hi, count, 0);
  }

  clear(used: number): void {
    this.lo.fill(this.#fill, 0, used);
    this.#mid = null;
    this.#hi = null;
  }

  isSet(slot: number): boolean {
    const lo = this.lo[slot] ?? NaN;
    return lo === lo;
  }

  /** Adds a safe integer. */
  add(slot: number, value: number): void {
    const sum = (this.lo[slot] ?? 0) + value;
    if (sum <= limb && sum >= -limb && value <= limb && value >= -limb) this.lo[slot] = sum;
    else this.addBig(slot, BigInt(value));
  }

  addBig(slot: number, value: bigint): void {
    this.set(slot, BigInt(this.get(slot)) + value);
  }

  get(slot: number): number | bigint {
    const lo = this.lo[slot] ?? 0;
    if (this.#mid === null || this.#hi === null) return lo;
    const mid = this.#mid[slot] ?? 0;
    const hi = this.#hi[slot] ?? 0;
    if (mid === 0 && hi === 0) return lo;
    return (((BigInt(hi) << limbBits) + BigInt(mid)) << limbBits) + BigInt(lo);
  }

  set(slot: number, value: number | bigint): void {
    if (typeof value === 'number' && value <= limb && value >= -limb) {
      this.lo[slot] = value;
      if (this.#mid !== null) this.#mid[slot] = 0;
      if (this.#hi !== null) this.#hi[slot] = 0;
      return;
    }
    const whole = BigInt(value);
    const lo = BigInt.asIntN(52, whole);
    const rest = (whole - lo) >> limbBits;
    const mid = BigInt.asIntN(52, rest);
    this.lo[slot] = Number(lo);
    this.#mid ??= new Float64Array(this.lo.length);
    this.#hi ??= new Float64Array(this.lo.length);
    this.#mid[slot] = Number(mid);
    this.#hi[slot] = Number((rest - mid) >> limbBits);
  }

  write(writer: PieceWriter, slots: Int32Array, count: number): void {
    writer.integers(1)[0] = this.#mid === null ? 0 : 1;
    for (const source of [this.lo, this.#mid, this.#hi]) {
      if (source === null) continue;
      const target = writer.numbers(count);
      for (let index = 0; index < count; index += 1) target[index] = source[slots[index]!]!;
    }
  }

  read(reader: PieceReader, targets: Int32Array, count: number): void {
    const wide = reader.integers(1)[0] === 1;
    if (wide) {
      this.#mid ??= new Float64Array(this.lo.length);
      this.#hi ??= new Float64Array(this.lo.length);
    }
    const limbs = wide ? [this.lo, this.#mid, this.#hi] : [this.lo];
    for (const target of limbs) {
      const source = reader.numbers(count);
      for (let index = 0; index < count; index += 1) {
        const slot = targets[index] ?? -1;
        if (slot >= 0 && target !== null) target[slot] = source[index] ?? 0;
      }
    }
    if (wide || this.#mid === null) return;
    for (let index = 0; index < count; index += 1) {
      const slot = targets[index] ?? -1;
      if (slot < 0) continue;
      this.#mid[slot] = 0;
      if (this.#hi !== null) this.#hi[slot] = 0;
    }
  }
}
