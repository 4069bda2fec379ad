import { Housekeeping, lookEveryMs } from '../checkpoint/housekeeping.ts';
import type { Job } from './job.ts';

/**
 * How a pipeline rests: it waits for wishes. A task that stood still while its generation ended may open a transaction after the clean-up, which
 * would hold readers back; so where this process has seen it run it goes on sweeping until no such transaction can be left.
 */
export class AtRest {
  readonly #job: Job;
  readonly #housekeeping: Housekeeping | null;

  constructor(job: Job) {
    this.#job = job;
    this.#housekeeping = job.hasRun ? new Housekeeping(job, true) : null;
  }

  /** Until something may have changed. */
  pause(): Promise<void> {
    if (this.#housekeeping?.maySweep !== true) return this.#job.pause(60_000);
    this.#housekeeping.attend();
    return this.#job.pause(lookEveryMs);
  }

  close(): void {
    this.#housekeeping?.stop();
  }
}
