/** Wall time. Kernel, model, engine, coordinator and task-runtime read time through this only, so that a simulator can set it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Monotonic milliseconds since an arbitrary origin, for measuring durations. */
  monotonicMs(): number;
}

export interface TimerHandle {
  cancel(): void;
}

/** Timers. `after(0)` yields to the event loop. */
export interface Timers {
  after(delayMs: number, callback: () => void): TimerHandle;
  /** The first call may come earlier than after a whole interval. */
  every(intervalMs: number, callback: () => void): TimerHandle;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Gives timers and I/O a turn (setImmediate): the record path calls it at least every 10 ms. */
  yield(): Promise<void>;
}

/** Randomness. */
export interface Rng {
  /** A float in [0, 1). */
  next(): number;
  /** `length` characters of [0-9a-z], for ids and nonces. */
  id(length: number): string;
}

export interface Ports {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rng: Rng;
}
