/** Numbered steps of a start, each told with the seconds it took: `[2/5] servers  Kafka 4.1.1  0.4 s`. */
export class Steps {
  readonly #count: number;
  readonly #write: (line: string) => void;
  #done = 0;

  constructor(count: number, write: (line: string) => void) {
    this.#count = count;
    this.#write = write;
  }

  /** Runs a step; `result` tells in a few words what came out. `before`: seconds that another process has spent on it already. */
  async run<T>(name: string, work: () => Promise<T>, result: (value: T) => string, before = 0): Promise<T> {
    this.#done += 1;
    const startMs = performance.now();
    const value = await work();
    const seconds = (before + (performance.now() - startMs) / 1000).toFixed(1);
    this.#write(
      `[${this.#done}/${this.#count}] ${name.padEnd(9)} ${`${seconds} s`.padStart(7)}  ${result(value)}`,
    );
    return value;
  }
}
