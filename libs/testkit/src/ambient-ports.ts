import { runningProcess, type SimProcess } from './sim-process.ts';
import { simEpochMs } from './sim-world.ts';

/*
 * libs/kafka is an adapter: it takes time, timers and randomness from the platform. While code of a simulated process runs, these are
 * the process's; everybody else (the test runner too) gets the real ones.
 */

/** What a patched setTimeout gives inside a simulated process. */
class SimTimeout {
  cancelled = false;
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  [Symbol.toPrimitive](): number {
    return 0;
  }
}

let installed = false;

/** Installed once for good: outside of a simulated process nothing changes. */
export function installAmbientPorts(): void {
  if (installed) return;
  installed = true;
  patchTimers();
  patchTime();
  const realTimeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (delayMs) => {
    const process = runningProcess.getStore();
    if (process === undefined) return realTimeout(delayMs);
    const controller = new AbortController();
    process.after(delayMs, () => controller.abort(new DOMException('the time is over', 'TimeoutError')));
    return controller.signal;
  };
}

type Callback = (...args: unknown[]) => void;

function patchTimers(): void {
  const real = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate };
  const once = (process: SimProcess, run: Callback, delayMs: number, args: unknown[]): SimTimeout => {
    const handle = new SimTimeout();
    process.after(delayMs, () => {
      if (!handle.cancelled) run(...args);
    });
    return handle;
  };
  const repeated = (process: SimProcess, run: Callback, delayMs: number, args: unknown[]): SimTimeout => {
    const handle = new SimTimeout();
    const again = (): void => {
      if (handle.cancelled) return;
      run(...args);
      process.after(delayMs, again);
    };
    process.after(delayMs, again);
    return handle;
  };
  const patched =
    (realOne: (...all: never[]) => unknown, make: typeof once) =>
    (run: Callback, delayMs?: number, ...args: unknown[]): unknown => {
      const process = runningProcess.getStore();
      if (process === undefined) return (realOne as (...all: unknown[]) => unknown)(run, delayMs, ...args);
      return make(process, run, Math.max(0, Number(delayMs ?? 0)), args);
    };
  const cleared =
    (realOne: (handle: never) => void) =>
    (handle: unknown): void => {
      if (handle instanceof SimTimeout) handle.cancelled = true;
      else realOne(handle as never);
    };
  const target = globalThis as unknown as Record<string, unknown>;
  target['setTimeout'] = Object.assign(patched(real.setTimeout, once), real.setTimeout);
  target['setInterval'] = patched(real.setInterval, repeated);
  target['setImmediate'] = patched(
    (run: Callback, _delay: unknown, ...args: unknown[]) => real.setImmediate(run, ...args),
    once,
  );
  target['clearTimeout'] = cleared(real.clearTimeout);
  target['clearInterval'] = cleared(real.clearInterval);
  target['clearImmediate'] = cleared(real.clearImmediate);
}

function patchTime(): void {
  const realNow = performance.now.bind(performance);
  const realDateNow = Date.now;
  const realRandom = Math.random;
  performance.now = () => {
    const process = runningProcess.getStore();
    return process === undefined ? realNow() : process.ports.clock.monotonicMs();
  };
  Date.now = () => {
    const process = runningProcess.getStore();
    return process === undefined ? realDateNow() : simEpochMs + Math.floor(process.world.nowMs);
  };
  Math.random = () => runningProcess.getStore()?.random.next() ?? realRandom();
}
