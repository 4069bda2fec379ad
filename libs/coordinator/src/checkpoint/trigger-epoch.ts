/** A pipeline in which nothing changes still gets an epoch this often. */
export const idleIntervalMs = 10_000;
/** A new generation commits what it has caught up with early: that is when a recovery is over. */
const firstEpochMs = 200;

/** When the next epoch is injected. All times are monotonic ms. */
export class EpochTrigger {
  readonly #intervalMs: number;
  #lastMs: number;
  #busy = true;
  #first = true;

  constructor(intervalMs: number, nowMs: number) {
    this.#intervalMs = intervalMs;
    this.#lastMs = nowMs;
  }

  /** A worker says that something has changed since the last epoch. */
  activity(): void {
    this.#busy = true;
  }

  injected(nowMs: number): void {
    const lateMs = nowMs - this.#dueMs();
    // A little late doesn't make the next one late too; what was missed isn't made up for.
    this.#lastMs = lateMs > 0 && lateMs < this.#intervalMs / 2 ? nowMs - lateMs : nowMs;
    this.#first = false;
    this.#busy = false;
  }

  /** All acknowledgements of an epoch are there. Data that flowed makes more data likely, whether or not a hint gets through. */
  collected(unchanged: boolean): void {
    if (!unchanged) this.#busy = true;
  }

  dueMs(): number {
    return this.#busy ? this.#dueMs() : this.#lastMs + Math.max(idleIntervalMs, this.#intervalMs);
  }

  #dueMs(): number {
    return this.#lastMs + (this.#first ? Math.min(this.#intervalMs, firstEpochMs) : this.#intervalMs);
  }
}
