/**
 * Several streams that reach one place (the inputs of an operator, the channels of an exchange): their watermark, and whether they are
 * idle together. The outcome depends on what each stream has said, never on the order among those that became idle.
 *
 * M1  The watermark is the least of those that are active. When none is, it is the greatest that any has reached.
 * M2  A stream that has ended (+Infinity) is neither active nor idle, and takes those that may go on no further than it came before its end.
 * M3  Idle exactly when none is active and not all have ended.
 */
export class MergedStreams {
  readonly #watermarks: Float64Array;
  /** The last watermark before the end. */
  readonly #reached: Float64Array;
  readonly #idle: Uint8Array;

  constructor(streams: number) {
    this.#watermarks = new Float64Array(streams).fill(-Infinity);
    this.#reached = new Float64Array(streams).fill(-Infinity);
    this.#idle = new Uint8Array(streams);
  }

  /** Watermarks of a stream never go back: a lower one changes nothing. */
  advance(stream: number, micros: number): void {
    if (micros <= this.watermarkOf(stream)) return;
    this.#watermarks[stream] = micros;
    if (micros < Infinity) this.#reached[stream] = micros;
  }

  setIdle(stream: number, idle: boolean): void {
    this.#idle[stream] = idle ? 1 : 0;
  }

  watermarkOf(stream: number): number {
    return this.#watermarks[stream] ?? -Infinity;
  }

  isIdle(stream: number): boolean {
    return this.#idle[stream] === 1;
  }

  /** M1, M2. +Infinity when all have ended. */
  get watermark(): number {
    let least = Infinity;
    let greatest = -Infinity;
    let idle = 0;
    for (let stream = 0; stream < this.#watermarks.length; stream += 1) {
      const micros = this.watermarkOf(stream);
      greatest = Math.max(greatest, this.#reached[stream] ?? -Infinity);
      if (micros === Infinity) continue;
      if (this.isIdle(stream)) idle += 1;
      else least = Math.min(least, micros);
    }
    return least === Infinity && idle > 0 ? greatest : least;
  }

  /** M3 */
  get idle(): boolean {
    let idle = false;
    for (let stream = 0; stream < this.#watermarks.length; stream += 1) {
      if (this.watermarkOf(stream) === Infinity) continue;
      if (!this.isIdle(stream)) return false;
      idle = true;
    }
    return idle;
  }
}
