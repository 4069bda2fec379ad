import { assert } from '@weir/kernel/assert.ts';

/** The least watermark of several channels. It never goes back; -Infinity until every channel has one. */
export class WatermarkMerger {
  readonly #channels: Float64Array;
  #least = -Infinity;

  constructor(channels: number) {
    assert(channels > 0, 'watermarks of at least one channel are merged');
    this.#channels = new Float64Array(channels).fill(-Infinity);
  }

  get watermark(): number {
    return this.#least;
  }

  /** Takes a channel's watermark. True when the least one advanced. */
  advance(channel: number, micros: number): boolean {
    const before = this.#channels[channel];
    assert(before !== undefined, `channel ${channel} is one of ${this.#channels.length}`);
    if (micros <= before) return false;
    this.#channels[channel] = micros;
    if (before > this.#least) return false;
    let least = Infinity;
    for (const value of this.#channels) least = Math.min(least, value);
    if (least <= this.#least) return false;
    this.#least = least;
    return true;
  }
}
