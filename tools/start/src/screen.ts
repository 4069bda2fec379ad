/** Where the start writes: lines that stay and, on a terminal, one line below them that changes. */
export class Screen {
  readonly #terminal = process.stdout.isTTY;
  #live = '';
  #printedAtMs = -Infinity;

  /** A line that stays. */
  line(text: string): void {
    this.#erase();
    process.stdout.write(`${text}\n`);
    if (this.#live !== '') process.stdout.write(this.#live);
  }

  /** The line that changes; without a terminal it is printed every five seconds, and at once if `important`. */
  live(text: string, important = false): void {
    if (this.#terminal) {
      this.#erase();
      this.#live = text.slice(0, (process.stdout.columns ?? 120) - 1);
      process.stdout.write(this.#live);
    } else if (important || performance.now() - this.#printedAtMs >= 5000) {
      process.stdout.write(`${text}\n`);
      this.#printedAtMs = performance.now();
    }
  }

  /** Leaves the changing line as it is. */
  endLive(): void {
    if (this.#live !== '') process.stdout.write('\n');
    this.#live = '';
  }

  #erase(): void {
    if (this.#live !== '') process.stdout.write('\r\x1b[2K');
  }
}
