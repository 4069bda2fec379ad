import { WeirError } from '@weir/kernel/errors.ts';

export interface WaitOptions {
  /** What is waited for, as the end of "waited 60 s for …". */
  readonly what: string;
  readonly deadlineMs?: number;
  readonly everyMs?: number;
  /** Ends the wait early with an error when the condition can't come true any more. */
  readonly giveUp?: () => Error | undefined;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Asks `condition` until it gives something other than undefined or false, and returns that.
 * A condition that throws counts as "not yet"; its last error is the cause of the timeout's.
 * @throws WeirError WEIR-9001 after `deadlineMs` (60 s by default)
 */
export async function waitUntil<T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const { what, deadlineMs = 60_000, everyMs = 25, giveUp } = options;
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    const reason = giveUp?.();
    if (reason !== undefined) throw reason;
    if (performance.now() >= end) {
      throw new WeirError('WEIR-9001', `waited ${deadlineMs / 1000} s for ${what}`, {
        disposition: 'retry',
        cause,
      });
    }
    await pause(everyMs);
  }
}
