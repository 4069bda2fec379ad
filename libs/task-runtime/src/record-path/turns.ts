import type { Timers } from '@weir/kernel/ports.ts';

/** A subtask works at most this long before timers, I/O and the other subtasks get their turn, ms. */
export const turnMs = 5;

/**
 * The one record thread of a process, shared by its subtasks in turns: between any two turns the event loop runs timers and I/O,
 * so that no number of busy subtasks delays a message or a heartbeat by more than one turn.
 */
export class Turns {
  readonly #timers: Timers;
  readonly #waiting: (() => void)[] = [];
  #granting = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Resolves when it is the caller's turn, first come first served. The turn ends when the caller awaits anything. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#granting) void this.#grant();
    });
  }

  async #grant(): Promise<void> {
    this.#granting = true;
    while (this.#waiting.length > 0) {
      await this.#timers.yield();
      this.#waiting.shift()?.();
    }
    this.#granting = false;
  }
}
