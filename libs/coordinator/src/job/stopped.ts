import { AtRest } from './at-rest.ts';
import type { Job } from './job.ts';
import type { PhaseResult } from './job-phase.ts';
import { deletePipeline } from './delete-pipeline.ts';

/** It rests on its last committed epoch until somebody starts or removes it. */
export async function stopped(job: Job): Promise<PhaseResult> {
  job.context.slots.release(job.scope.pipelineId);
  job.show({ slots: {}, problem: null });
  const rest = new AtRest(job);
  try {
    for (;;) {
      job.signal.throwIfAborted();
      const { desired } = job.record;
      if (desired.kind === 'running') return { state: 'starting' };
      if (desired.kind === 'deleted') return await deletePipeline(job);
      await rest.pause();
    }
  } finally {
    rest.close();
  }
}
