import { dispositionOf } from '@weir/kernel/errors.ts';
import { checkSinks } from '../checkpoint/resolve-start.ts';
import { attend, Interrupted } from './attend.ts';
import { awaitRegistration } from './await-registration.ts';
import { bringUp } from './bring-up.ts';
import type { Job } from './job.ts';
import type { PhaseResult } from './job-phase.ts';
import { problemOf } from '../problem.ts';
import { stopWish } from './wishes.ts';

/** A start that somebody wished: the schemas of the sinks are registered, the sinks are checked, then a new generation comes up. */
export async function starting(job: Job): Promise<PhaseResult> {
  const refused = await awaitRegistration(job);
  if (refused !== null) return { state: 'failed', problem: refused };
  for (let delayMs = 50; ; delayMs = Math.min(1000, delayMs * 2)) {
    job.signal.throwIfAborted();
    if (stopWish(job.record) !== null) return { state: 'stopping', live: null };
    try {
      const checked = checkSinks(job.context, job.scope, job.record.plan);
      await attend(job, "the sinks' servers", checked, () => stopWish(job.record) !== null);
      break;
    } catch (error) {
      if (error instanceof Interrupted) continue;
      if (job.signal.aborted) throw error;
      if (dispositionOf(error) === 'fatal') return { state: 'failed', problem: problemOf(error) };
      job.showProblem(problemOf(error, 'retry'));
      await job.pause(delayMs);
    }
  }
  return bringUp(job, { mine: null, reason: 'start' });
}
