import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports } from '@weir/kernel/ports.ts';

/** The real ports for this library's tests (libs/system is of the same layer). */
export const realPorts: Ports = {
  clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
  timers: {
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
    every: (intervalMs, callback) => {
      const timer = setInterval(callback, intervalMs);
      return { cancel: () => clearInterval(timer) };
    },
    sleep: (delayMs, signal) => sleep(delayMs, undefined, signal ? { signal } : {}),
    yield: () => new Promise((resolve) => setImmediate(resolve)),
  },
  rng: { next: () => Math.random(), id: (length) => randomBytes(length).toString('hex').slice(0, length) },
};
