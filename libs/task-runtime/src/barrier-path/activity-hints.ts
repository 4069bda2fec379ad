import type { Clock, TimerHandle, Timers } from '@weir/kernel/ports.ts';

/** Hints of one generation in one worker are at least this far apart, ms. */
export const hintIntervalMs = 50;

/** Tells the controller that something has changed, so that an epoch is worth injecting: at once, then at most every 50 ms while it goes on. */
export class ActivityHints {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #send: () => void;
  #lastMs = -Infinity;
  #timer: TimerHandle | null = null;

  constructor(clock: Clock, timers: Timers, send: () => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#send = send;
  }

  mark(): void {
    if (this.#timer !== null) return;
    const wait = this.#lastMs + hintIntervalMs - this.#clock.monotonicMs();
    if (wait <= 0) return this.#sendNow();
    this.#timer = this.#timers.after(wait, () => {
      this.#timer = null;
      this.#sendNow();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #sendNow(): void {
    this.#lastMs = this.#clock.monotonicMs();
    this.#send();
  }
}
