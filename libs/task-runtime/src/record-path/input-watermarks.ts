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
    const others = watermarkOf(this.#actual, this.#idle);
    for (let input = 0; input < this.#actual.length; input += 1) {
      const actual = this.#actual[input] ?? -Infinity;
      const taken = this.#idle[input] === true && others < Infinity; // M2
      const micros = taken ? Math.max(actual, others) : actual;
      if (micros <= (this.#delivered[input] ?? -Infinity)) continue; // M1
      this.#delivered[input] = micros;
      deliver(input, micros);
    }
  }
}

/**
 * The watermark of several streams: the least of those that are active. When all are idle it is the greatest, as if that one had
 * become idle last: what is idle holds nobody back, in whatever order it became so.
 */
export function watermarkOf(watermarks: readonly number[], idle: readonly boolean[]): number {
  let least = Infinity;
  let greatest = -Infinity;
  let active = 0;
  for (let index = 0; index < watermarks.length; index += 1) {
    const micros = watermarks[index] ?? -Infinity;
    if (idle[index] === true) {
      if (micros > greatest) greatest = micros;
    } else {
      active += 1;
      if (micros < least) least = micros;
    }
  }
  return active > 0 ? least : greatest;
}
