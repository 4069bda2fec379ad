import { MergedStreams } from './merged-streams.ts';

/**
 * The watermarks of an operator's inputs, with those that are idle. An operator knows no idleness: an idle input is taken along by
 * the watermark of all (merged-streams.ts).
 *
 * I1  What is delivered to an input never goes back: rows of an input that was idle and is behind are late.
 * I2  An idle input isn't taken to the end: it may go on when all others have ended.
 */
export class InputWatermarks {
  readonly #streams: MergedStreams;
  readonly #delivered: Float64Array;

  constructor(inputs: number) {
    this.#streams = new MergedStreams(inputs);
    this.#delivered = new Float64Array(inputs).fill(-Infinity);
  }

  /** Of all inputs together. */
  get idle(): boolean {
    return this.#streams.idle;
  }

  advance(input: number, micros: number): void {
    this.#streams.advance(input, micros);
  }

  setIdle(input: number, idle: boolean): void {
    this.#streams.setIdle(input, idle);
  }

  /** Calls `deliver` for every input whose watermark is higher than what was delivered to it. */
  settle(deliver: (input: number, micros: number) => void): void {
    const { watermark } = this.#streams;
    for (let input = 0; input < this.#delivered.length; input += 1) {
      const own = this.#streams.watermarkOf(input);
      const taken = this.#streams.isIdle(input) && watermark < Infinity; // I2
      const micros = taken ? Math.max(own, watermark) : own;
      if (micros <= (this.#delivered[input] ?? -Infinity)) continue; // I1
      this.#delivered[input] = micros;
      deliver(input, micros);
    }
  }
}
