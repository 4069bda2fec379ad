/**
 * Random numbers of one event, from the seed and the event's number alone: any event can be made without those before it, so a restored
 * source goes on with the same events.
 */
export class EventRandom {
  #state = 0;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = Math.imul(seed | 0, 0x9e3779b1);
  }

  /** Begins the numbers of an event. */
  begin(event: number): void {
    const low = event >>> 0;
    const high = Math.floor(event / 4294967296) | 0;
    this.#state = mix(mix(low ^ this.#seed) ^ Math.imul(high, 0x85ebca6b));
  }

  /** An integer in [0, bound), for bounds up to 2^32. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return (mix(this.#state) >>> 0) % bound;
  }

  /** A float in [0, 1). */
  unit(): number {
    return this.below(4294967296) / 4294967296;
  }
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
