import type { Timers } from '@weir/kernel/ports.ts';

/** Lets one loop sleep until something may have changed. A notification between two waits is kept, so none is missed. */
export class WakeUp {
  readonly #timers: Timers;
  #notified = false;
  #resolve: (() => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  notify(): void {
    this.#notified = true;
    this.#resolve?.();
  }

  /**
   * Returns after a notification, after `timeoutMs` at the latest, or when the signal is aborted. Without a notification it always gives
   * the event loop a turn: a loop over something overdue would otherwise never hear what it waits for.
   */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#notified && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          timer.cancel();
          signal.removeEventListener('abort', done);
          this.#resolve = undefined;
          resolve();
        };
        const timer = this.#timers.after(Math.max(0, timeoutMs), done);
        signal.addEventListener('abort', done, { once: true });
        this.#resolve = done;
      });
    }
    this.#notified = false;
  }
}
