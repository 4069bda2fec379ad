import type { Ports, TimerHandle } from '@weir/kernel/ports.ts';

interface Timer {
  at: number;
  readonly everyMs: number | null;
  readonly callback: () => void;
}

/** Time that stands still until a test advances it. */
export class VirtualPorts implements Ports {
  #nowMs = 1_000_000;
  #ids = 0;
  readonly #timers = new Set<Timer>();

  readonly clock = { nowMs: () => this.#nowMs, monotonicMs: () => this.#nowMs };

  readonly timers = {
    after: (delayMs: number, callback: () => void) =>
      this.#add({ at: this.#nowMs + delayMs, everyMs: null, callback }),
    every: (everyMs: number, callback: () => void) =>
      this.#add({ at: this.#nowMs + everyMs, everyMs, callback }),
    sleep: (delayMs: number) => new Promise<void>((resolve) => void this.timers.after(delayMs, resolve)),
    yield: () => this.timers.sleep(0),
  };

  readonly rng = {
    next: () => 0.5,
    id: (length: number) => String((this.#ids += 1)).padStart(length, '0'),
  };

  /** Runs all that falls due in the next `ms`, in order. */
  async advance(ms: number): Promise<void> {
    const until = this.#nowMs + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const due = [...this.#timers].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, due.at);
      if (due.everyMs === null) this.#timers.delete(due);
      else due.at = this.#nowMs + due.everyMs;
      due.callback();
    }
    this.#nowMs = until;
  }

  /** As if this process had been frozen: time passes, timers come late and once. */
  freeze(ms: number): void {
    this.#nowMs += ms;
  }

  #add(timer: Timer): TimerHandle {
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }
}
