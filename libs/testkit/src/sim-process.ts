import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ports, TimerHandle } from '@weir/kernel/ports.ts';
import { SimRandom } from './sim-random.ts';
import { simEpochMs, type SimWorld } from './sim-world.ts';

/** Which simulated process the code that runs now belongs to; undefined outside of all. */
export const runningProcess = new AsyncLocalStorage<SimProcess>();

/**
 * One incarnation of a process. All that reaches it (timers, answers, messages) comes through `dispatch`, and all that it does to the
 * outside asks `alive` first: once killed, it neither hears nor does anything. Paused, it hears nothing and later hears all at once,
 * as a process that was stopped and continued.
 */
export class SimProcess {
  readonly name: string;
  readonly world: SimWorld;
  readonly ports: Ports;
  readonly random: SimRandom;
  alive = true;
  #pausedUntilMs = 0;
  #backlog: (() => void)[] = [];
  readonly #onDeath = new Set<() => void>();
  /** Told what the process threw out of a callback: a real one would have ended by it. */
  onUncaught: (error: unknown) => void = () => {};

  constructor(world: SimWorld, name: string) {
    this.world = world;
    this.name = name;
    this.random = new SimRandom(`${world.seed}/${name}`);
    this.ports = this.#makePorts();
  }

  get paused(): boolean {
    return this.world.nowMs < this.#pausedUntilMs;
  }

  /** Runs it inside this process: now, later when it is paused, never when it is dead. */
  dispatch(run: () => void): void {
    if (!this.alive) return;
    if (this.paused || this.#backlog.length > 0) {
      this.#backlog.push(run);
      return;
    }
    this.#enter(run);
  }

  /** Runs it inside this process after so many milliseconds, a little later than asked, as real timers. */
  after(delayMs: number, run: () => void): TimerHandle {
    if (!this.alive) return { cancel: () => {} };
    let cancelled = false;
    this.world.after(delayMs + 0.01 + this.random.next() * 0.05, () => {
      if (cancelled) return;
      this.dispatch(() => {
        if (!cancelled) run();
      });
    });
    return { cancel: () => void (cancelled = true) };
  }

  /** Called when the process dies: whoever holds a connection to it notices. Returns what takes it back. */
  onDeath(listener: () => void): () => void {
    this.#onDeath.add(listener);
    return () => void this.#onDeath.delete(listener);
  }

  kill(): void {
    if (!this.alive) return;
    this.world.trace(this.name, 'killed');
    this.alive = false;
    this.#backlog = [];
    for (const listener of [...this.#onDeath]) listener();
    this.#onDeath.clear();
  }

  pause(forMs: number): void {
    if (!this.alive) return;
    this.world.trace(this.name, `paused for ${Math.round(forMs)} ms`);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.world.nowMs + forMs);
    this.world.after(forMs, () => this.#resume());
  }

  #resume(): void {
    if (!this.alive || this.paused) return;
    const next = this.#backlog.shift();
    if (next !== undefined) this.#enter(next);
    // One event after the other, each with its promises driven to their end.
    if (this.#backlog.length > 0) this.world.after(0.001, () => this.#resume());
  }

  #enter(run: () => void): void {
    try {
      runningProcess.run(this, run);
    } catch (error) {
      this.onUncaught(error);
    }
  }

  #makePorts(): Ports {
    const { world } = this;
    const after = (delayMs: number, run: () => void): TimerHandle => this.after(delayMs, run);
    const every = (intervalMs: number, run: () => void): TimerHandle => {
      let ended = false;
      const again = (): void => {
        if (ended) return;
        run();
        after(intervalMs, again);
      };
      after(intervalMs, again);
      return { cancel: () => void (ended = true) };
    };
    const sleep = (delayMs: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const aborted = (): void => {
          timer.cancel();
          reject(reasonOf(signal));
        };
        if (signal?.aborted === true) return reject(reasonOf(signal));
        const timer = after(delayMs, () => {
          signal?.removeEventListener('abort', aborted);
          resolve();
        });
        signal?.addEventListener('abort', aborted, { once: true });
      });
    return {
      clock: { nowMs: () => simEpochMs + Math.floor(world.nowMs), monotonicMs: () => world.nowMs + 1 },
      timers: { after, every, sleep, yield: () => sleep(0) },
      rng: this.random,
    };
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error(String(signal?.reason));
}
