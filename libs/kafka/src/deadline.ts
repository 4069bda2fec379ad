import { WeirError } from '@weir/kernel/errors.ts';
import type { WaitOptions } from './contracts/cluster.ts';

/** How long a call may go on: a point in time and the caller's signal. */
export class Deadline {
  readonly #endMs: number;
  readonly #signal: AbortSignal | undefined;

  constructor(wait: WaitOptions | undefined, defaultMs: number) {
    this.#endMs = performance.now() + (wait?.deadlineMs ?? defaultMs);
    this.#signal = wait?.signal;
  }

  get leftMs(): number {
    return Math.max(0, this.#endMs - performance.now());
  }

  get isOver(): boolean {
    return this.leftMs === 0;
  }

  throwIfAborted(): void {
    this.#signal?.throwIfAborted();
  }

  /** The promise's result, unless the signal comes first. The promise itself goes on: its result is dropped. */
  async race<T>(promise: Promise<T>): Promise<T> {
    return raceSignal(promise, this.#signal);
  }

  /** Waits before another try. False when the deadline is nearer than that. */
  async backOff(ms: number): Promise<boolean> {
    this.throwIfAborted();
    if (this.leftMs <= ms) return false;
    await sleep(ms, this.#signal);
    return true;
  }
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return raceSignal(new Promise<void>((resolve) => setTimeout(resolve, ms)), signal);
}

export async function raceSignal<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    signal.throwIfAborted();
  }
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(
        signal.reason instanceof Error ? signal.reason : new WeirError('WEIR-4030', 'the wait was given up'),
      );
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

/** 20 ms, 40 ms, … up to a second, with a random part so that clients don't come back in step. */
export function backOffMs(attempt: number): number {
  return Math.min(1000, 20 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 2);
}
