import type { Clock } from '@weir/kernel/ports.ts';

/** Tasks end when nobody has attended to them this long. */
export const abandonedAfterMs = 10 * 60 * 1000;

/**
 * Whether any controller still attends to a generation: follows its tasks, or says something to them. One that is driven is followed all
 * the time and hears of an epoch at least every few seconds. Without controllers no epoch is decided, so a sink that is exactly once
 * gains nothing by going on; one that isn't would write for ever what nobody wants any more, if its pipeline was deleted meanwhile.
 */
export class Attendance {
  readonly #clock: Clock;
  #followers = 0;
  #lastMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastMs = clock.monotonicMs();
  }

  /** A controller has said something. */
  heard(): void {
    this.#lastMs = this.#clock.monotonicMs();
  }

  /** A controller follows the tasks. Returns what ends it. */
  follow(): () => void {
    this.#followers += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#followers -= 1;
      this.heard();
    };
  }

  get isAbandoned(): boolean {
    return this.#followers === 0 && this.#clock.monotonicMs() - this.#lastMs > abandonedAfterMs;
  }
}
