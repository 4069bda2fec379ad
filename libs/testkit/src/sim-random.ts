import type { Rng } from '@weir/kernel/ports.ts';

const characters = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Seeded randomness (sfc32): the same seed gives the same numbers on every machine. */
export class SimRandom implements Rng {
  readonly #state: Uint32Array;

  /** @param seed any text; streams of different names are independent */
  constructor(seed: string) {
    this.#state = new Uint32Array([0x9e3779b9, 0x243f6a88, 0xb7e15162, 1]);
    for (let i = 0; i < seed.length; i += 1) {
      const lane = i % 3;
      this.#state[lane] = Math.imul((this.#state[lane] ?? 0) ^ seed.charCodeAt(i), 0x01000193);
      this.next();
    }
    for (let i = 0; i < 16; i += 1) this.next();
  }

  next(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum / 2 ** 32;
  }

  id(length: number): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += characters[Math.floor(this.next() * characters.length)];
    return text;
  }

  /** A float in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** An integer in [0, count). */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError for an empty list */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}
