import type { Ports } from '@weir/kernel/ports.ts';

/** The real clock, timers and randomness: made once by a process's entry point and handed down. */
export function systemPorts(): Ports {
  return {
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    timers: {
      after(delayMs, callback) {
        const timer = setTimeout(callback, delayMs);
        return { cancel: () => clearTimeout(timer) };
      },
      every(intervalMs, callback) {
        const timer = setInterval(callback, intervalMs);
        return { cancel: () => clearInterval(timer) };
      },
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
      id(length) {
        const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
        const bytes = crypto.getRandomValues(new Uint8Array(length));
        return Array.from(bytes, (byte) => alphabet[byte % 36]).join('');
      },
    },
  };
}
