import { currentGeneration, generationNumber, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import type { TimerHandle } from '@weir/kernel/ports.ts';
import { taskScope } from './cancel-tasks.ts';
import type { Job } from './job.ts';

const lookEveryMs = 1000;
/** A worker that answered is told again after this: a start that was long under way may have come after the end. */
const tellAgainMs = 60_000;

/**
 * Ends tasks of generations that are over, on workers that could not be asked when they ended: one that was frozen, or cut off, and comes back
 * runs on what was given to others meanwhile. Transactions of such tasks are fenced; what an at-least-once sink of theirs writes is not.
 *
 * Z1  Only what the ledger says is over is ended: all below the current generation, and that one too where it is stopped or placed elsewhere.
 * Z2  A busy worker is told once a generation and each minute; at once again when it did not answer, or was away.
 */
export class SupersededTasks {
  readonly #job: Job;
  readonly #timer: TimerHandle;
  /** Incarnation -> the highest generation whose end it was told, and when (monotonic ms). */
  readonly #told = new Map<string, { readonly over: number; readonly atMs: number }>();

  constructor(job: Job) {
    this.#job = job;
    this.#timer = job.context.ports.timers.every(lookEveryMs, () => this.#look());
  }

  close(): void {
    this.#timer.cancel();
  }

  #look(): void {
    const { context, ledger } = this.#job;
    const there = context.workers
      .workers()
      .filter(({ incarnation }) => context.suspicion.isAlive(incarnation));
    const known = new Set(there.map(({ incarnation }) => incarnation));
    for (const incarnation of this.#told.keys()) if (!known.has(incarnation)) this.#told.delete(incarnation);
    for (const { incarnation, address, usedSlots } of there) {
      if (usedSlots === 0) continue;
      const over = overThrough(ledger.state, incarnation);
      const told = this.#told.get(incarnation);
      const isNew =
        over > (told?.over ?? 0) || (told !== undefined && this.#job.now() - told.atMs > tellAgainMs);
      if (isNew) void this.#tell(incarnation, address, over);
    }
  }

  async #tell(incarnation: string, address: string, over: number): Promise<void> {
    const told = { over, atMs: this.#job.now() };
    this.#told.set(incarnation, told);
    try {
      await this.#job.context.workerClients
        .at(address)
        .cancelTasks(taskScope(this.#job, over, incarnation), 0);
    } catch {
      if (this.#told.get(incarnation) === told) this.#told.delete(incarnation); // Z2
    }
  }
}

/** The highest generation of which this worker may run nothing any more; 0 when there is none. Z1 */
function overThrough(state: LedgerState, incarnation: string): number {
  const g = generationNumber(state);
  const placed = currentGeneration(state)?.placed ?? null;
  if (state.stopped !== null) return g;
  if (placed === null) return Math.max(0, g - 1);
  return placed.subtasks.some((subtask) => subtask.incarnation === incarnation) ? g - 1 : g;
}
