/** When to say something again that has not been answered: after a first delay, then ever later up to a limit. Monotonic ms. */
export class Repeat {
  #delayMs: number;
  readonly #mostMs: number;
  #dueMs: number;

  constructor(nowMs: number, firstMs: number, mostMs: number) {
    this.#delayMs = firstMs;
    this.#mostMs = mostMs;
    this.#dueMs = nowMs + firstMs;
  }

  get dueMs(): number {
    return this.#dueMs;
  }

  /** True when it is time; the next time is set then. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    this.#delayMs = Math.min(this.#mostMs, this.#delayMs * 2);
    this.#dueMs = nowMs + this.#delayMs;
    return true;
  }
}
