/** Lets at most so many pieces of asynchronous work run at once, whoever asks for them; the others wait in their order. */
export class AtMost {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  /** The result of `work`, which begins once there is room. One that fails makes room too. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limit) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place goes to the next one as it is, so that nobody who comes in between takes it.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
