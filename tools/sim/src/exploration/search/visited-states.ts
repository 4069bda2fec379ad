import { GrowingArray } from './growing-array.ts';

/**
 * The states that were seen, numbered in the order in which they were, by 64-bit hashes of their rows: open addressing in typed
 * arrays, 12 bytes a state and 4 a table slot (a Set ends at 16.7 M entries and needs ten times as much).
 * Two states with one hash are taken for one: the expected number of those is n^2 / 2^65, 3e-6 at ten million states.
 */
export class VisitedStates {
  readonly #high = new GrowingArray((n) => new Uint32Array(n));
  readonly #low = new GrowingArray((n) => new Uint32Array(n));
  /** Number of the state + 1; 0: free. */
  #table = new Uint32Array(1 << 16);
  #mask = (1 << 16) - 1;
  /** True when the last `find` saw its state for the first time. */
  fresh = false;

  get size(): number {
    return this.#high.length;
  }

  /** The number of a state; a new one when it wasn't there. */
  find(rows: Uint32Array, at: number, width: number): number {
    let a = 0x9e3779b9;
    let b = 0x85ebca6b;
    for (let index = at; index < at + width; index += 1) {
      const value = rows[index] as number;
      a = Math.imul(a ^ value, 0xcc9e2d51);
      a = ((a << 15) | (a >>> 17)) ^ b;
      b = Math.imul(b + value, 0x1b873593);
      b = ((b << 13) | (b >>> 19)) + a;
    }
    a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
    b = Math.imul(b ^ (b >>> 15), 0x846ca68b);
    a = (a ^ (b >>> 13)) >>> 0;
    b = (b ^ Math.imul(a ^ (a >>> 16), 0x45d9f3b)) >>> 0;
    return this.#slot(a, b);
  }

  #slot(high: number, low: number): number {
    let slot = low & this.#mask;
    for (;;) {
      const number = (this.#table[slot] as number) - 1;
      if (number < 0) break;
      if (this.#low.at(number) === low && this.#high.at(number) === high) {
        this.fresh = false;
        return number;
      }
      slot = (slot + 1) & this.#mask;
    }
    const number = this.size;
    this.#high.push(high);
    this.#low.push(low);
    this.#table[slot] = number + 1;
    this.fresh = true;
    if (number * 2 > this.#mask) this.#rehash();
    return number;
  }

  #rehash(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    this.#mask = this.#table.length - 1;
    for (let number = 0; number < this.size; number += 1) {
      let slot = this.#low.at(number) & this.#mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#table[slot] = number + 1;
    }
  }
}
