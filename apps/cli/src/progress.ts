/** One line on a terminal that is written over and over; nothing where there is no terminal. */
export class Progress {
  readonly #active: boolean;
  #shown = '';

  constructor(wanted: boolean) {
    this.#active = wanted && process.stderr.isTTY;
  }

  show(text: string): void {
    if (!this.#active || text === this.#shown) return;
    const width = process.stderr.columns ?? 80;
    process.stderr.write(`\r\x1b[2K${text.slice(0, width - 1)}`);
    this.#shown = text;
  }

  end(): void {
    if (this.#active && this.#shown !== '') process.stderr.write('\r\x1b[2K');
    this.#shown = '';
  }
}
