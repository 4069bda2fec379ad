import type { Ports } from '@weir/kernel/ports.ts';
import { randomId } from './random-id.ts';
import { CoalescedTicks } from './coalesced-ticks.ts';

/** The real clock, timers and randomness: made once by a process's entry point and handed down. */
export function systemPorts(): Ports {
  const ticks = new CoalescedTicks();
  return {
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    timers: {
      after(delayMs, callback) {
        const timer = setTimeout(callback, delayMs);
        return { cancel: () => clearTimeout(timer) };
      },
      every: (intervalMs, callback) => ticks.every(intervalMs, callback),
      sleep: (delayMs, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const onAbort = () => {
            clearTimeout(timer);
            reject(signal?.reason);
          };
          const timer = setTimeout(() => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          }, delayMs);
          signal?.addEventListener('abort', onAbort, { once: true });
        }),
      yield: () => new Promise((resolve) => setImmediate(resolve)),
    },
    rng: {
      next: () => Math.random(),
      id: randomId,
    },
  };
}
