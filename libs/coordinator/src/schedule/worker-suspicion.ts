import type { Clock } from '@weir/kernel/ports.ts';
import type { KnownWorker, WorkerDirectory } from '../workers/worker-directory.ts';

/** Heartbeats come every 500 ms: one that comes this long after the suspicion was sent after it. */
const provenAliveAfterMs = 600;

/**
 * Workers whose connection broke. A broken stream is noticed at once, a missing heartbeat only after seconds: until a heartbeat that
 * was certainly sent later, nothing is placed on a suspect and what it ran counts as gone.
 */
export class WorkerSuspicion {
  readonly #clock: Clock;
  readonly #directory: WorkerDirectory;
  readonly #suspectedAtMs = new Map<string, number>();

  constructor(clock: Clock, directory: WorkerDirectory) {
    this.#clock = clock;
    this.#directory = directory;
  }

  suspect(incarnation: string): void {
    this.#suspectedAtMs.set(incarnation, this.#clock.nowMs());
  }

  isAlive(incarnation: string): boolean {
    if (this.#directory.isGone(incarnation)) return false;
    const since = this.#suspectedAtMs.get(incarnation);
    if (since === undefined) return true;
    const seen = this.#directory.workers().find((worker) => worker.incarnation === incarnation);
    if (seen === undefined || seen.lastSeenMs < since + provenAliveAfterMs) return false;
    this.#suspectedAtMs.delete(incarnation);
    return true;
  }

  /** Workers on which something may be placed. */
  usable(): KnownWorker[] {
    return this.#directory.workers().filter((worker) => !worker.draining && this.isAlive(worker.incarnation));
  }
}
