import { bringUp } from './bring-up.ts';
import type { Job } from './job.ts';
import type { JobPhase, PhaseResult } from './job-phase.ts';

/** Ends of generations in a row after which the back-off is at its longest, 1 s. */
const longestBackOffAfter = 6;

/**
 * A generation was lost, or this controller takes one over (`mine`). Lost workers, controllers, Kafka or store never count towards a
 * limit: it goes on until it runs, at most a second between two attempts. Without `mine` and `problem` somebody wished a restart.
 */
export async function recovering(
  job: Job,
  phase: JobPhase & { readonly state: 'recovering' },
): Promise<PhaseResult> {
  const wished = phase.mine === null && phase.problem === null;
  if (wished) return bringUp(job, { mine: null, reason: 'start' });
  if (phase.mine === null) {
    job.lostAtMs ??= job.now();
    job.showProblem(phase.problem);
    const earlier = job.failuresInARow;
    job.failuresInARow += 1;
    const until =
      job.now() + (earlier === 0 ? 0 : Math.min(1000, 1000 / 2 ** (longestBackOffAfter - earlier)));
    while (job.now() < until && !job.signal.aborted) await job.pause(until - job.now());
  }
  return bringUp(job, { mine: phase.mine, reason: 'failure' });
}
