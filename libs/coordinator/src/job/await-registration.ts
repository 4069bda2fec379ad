import { dispositionOf } from '@weir/kernel/errors.ts';
import { problemOf, type Problem } from '../problem.ts';
import { pendingRegistrations } from '../registration/registrations.ts';
import { creatorsTimeMs, registerSinks } from '../registration/register-sinks.ts';
import type { Job } from './job.ts';
import { stopWish } from './wishes.ts';

/**
 * Until the schemas of the pipeline's sinks are registered, or it is to stop. Whoever created the pipeline does it at once; where it is still
 * to be done after a while, that one has died or found no registry, and it is done here.
 * @returns what a registry refused, which would come again
 */
export async function awaitRegistration(job: Job): Promise<Problem | null> {
  const { clock } = job.context.ports;
  for (let delayMs = 50; ; delayMs = Math.min(5000, delayMs * 2)) {
    job.signal.throwIfAborted();
    const { record } = job;
    if (pendingRegistrations(record).length === 0 || stopWish(record) !== null) return null;
    const leftMs = record.createdAtMs + creatorsTimeMs - clock.nowMs();
    if (leftMs > 0) {
      await job.pause(Math.min(leftMs, creatorsTimeMs));
      continue;
    }
    try {
      const registered = await registerSinks(job.context, record);
      if (registered !== undefined) job.recordChanged(registered);
    } catch (error) {
      if (job.signal.aborted) throw error;
      if (dispositionOf(error) === 'fatal') return problemOf(error);
      job.showProblem(problemOf(error, 'retry'));
      await job.pause(delayMs);
    }
  }
}
