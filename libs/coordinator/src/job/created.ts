import type { Job } from './job.ts';
import type { PhaseResult } from './job-phase.ts';

/** Nobody has started it yet. */
export async function created(job: Job): Promise<PhaseResult> {
  for (;;) {
    job.signal.throwIfAborted();
    const { desired } = job.record;
    if (desired.kind === 'running') return { state: 'starting' };
    if (desired.kind === 'stopped' || desired.kind === 'deleted') return { state: 'stopped' };
    await job.pause(60_000);
  }
}
