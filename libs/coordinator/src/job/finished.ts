import type { Job } from './job.ts';
import type { PhaseResult } from './job-phase.ts';
import { deletePipeline } from './delete-pipeline.ts';

/** All inputs have ended and all output is committed: only its removal is left. */
export async function finished(job: Job): Promise<PhaseResult> {
  job.context.slots.release(job.scope.pipelineId);
  job.show({ slots: {}, problem: null });
  for (;;) {
    job.signal.throwIfAborted();
    if (job.record.desired.kind === 'deleted') return deletePipeline(job);
    await job.pause(60_000);
  }
}
