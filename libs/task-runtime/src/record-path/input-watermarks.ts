/**
 * The watermarks of an operator's inputs, with those that are idle. An operator knows no idleness: an idle input is taken along by
 * the least watermark of the active ones.
 *
 * M1  What is delivered to an input never goes back: rows of an input that was idle and is behind are late.
 * M2  An idle input isn't taken to the end: it may go on when all active ones have ended.
 */
export class InputWatermarks {
  readonly #actual: number[];
  readonly #delivered: number[];
  readonly #idle: boolean[];

  constructor(inputs: number) {
    this.#actual = new Array<number>(inputs).fill(-Infinity);
    this.#delivered = new Array<number>(inputs).fill(-Infinity);
    this.#idle = new Array<boolean>(inputs).fill(false);
  }

  get allIdle(): boolean {
    return !this.#idle.includes(false);
  }

  advance(input: number, micros: number): void {
    this.#actual[input] = micros;
  }

  setIdle(input: number, idle: boolean): void {
    this.#idle[input] = idle;
  }

  /** Calls `deliver` for every input whose watermark is higher than what was delivered to it. */
  settle(deliver: (input: number, micros: number) => void): void {
    let leastActive = Infinity;
    for (let input = 0; input < this.#actual.length; input += 1) {
      if (this.#idle[input] === false) leastActive = Math.min(leastActive, this.#actual[input] ?? -Infinity);
    }
    for (let input = 0; input < this.#actual.length; input += 1) {
      const actual = this.#actual[input] ?? -Infinity;
      const taken = this.#idle[input] === true && leastActive < Infinity; // M2
      const micros = taken ? Math.max(actual, leastActive) : actual;
      if (micros <= (this.#delivered[input] ?? -Infinity)) continue; // M1
      this.#delivered[input] = micros;
      deliver(input, micros);
    }
  }
}
