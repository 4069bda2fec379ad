import type { TimerHandle } from '@weir/kernel/ports.ts';

interface Repeat {
  readonly intervalMs: number;
  readonly callback: () => void;
  dueMs: number;
}

/** A timer may come this much before its time, ms. */
const earlyMs = 1;

/**
 * Repeats that share one timer. Each comes at the whole multiples of its interval since the process began, so that those of 500 ms, 1 s and
 * 2 s come together: an idle process costs what it is woken up, hardly what it then does. The first one comes within an interval,
 * not after a whole one; what was missed while the process stood still isn't made up for.
 */
export class CoalescedTicks {
  readonly #repeats = new Set<Repeat>();
  #timer: NodeJS.Timeout | null = null;
  #timerMs = Infinity;

  every(intervalMs: number, callback: () => void): TimerHandle {
    const repeat = { intervalMs, callback, dueMs: nextMultiple(performance.now(), intervalMs) };
    this.#repeats.add(repeat);
    this.#arm();
    return {
      cancel: () => {
        this.#repeats.delete(repeat);
        this.#arm();
      },
    };
  }

  /** Sets the timer to the repeat that is due first. */
  #arm(): void {
    let dueMs = Infinity;
    for (const repeat of this.#repeats) dueMs = Math.min(dueMs, repeat.dueMs);
    if (dueMs === this.#timerMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerMs = dueMs;
    this.#timer =
      dueMs === Infinity ? null : setTimeout(() => this.#tick(), Math.max(0, dueMs - performance.now()));
  }

  #tick(): void {
    this.#timer = null;
    this.#timerMs = Infinity;
    const nowMs = performance.now() + earlyMs;
    const due = [...this.#repeats].filter((repeat) => repeat.dueMs <= nowMs);
    for (const repeat of due) repeat.dueMs = nextMultiple(nowMs, repeat.intervalMs);
    this.#arm();
    for (const repeat of due) if (this.#repeats.has(repeat)) repeat.callback();
  }
}

function nextMultiple(nowMs: number, intervalMs: number): number {
  return (Math.floor(nowMs / intervalMs) + 1) * intervalMs;
}
