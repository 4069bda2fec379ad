import { restoreIsDue } from '@weir/epoch-protocol/generation-start.ts';
import { AtRest } from './at-rest.ts';
import type { Job } from './job.ts';
import type { PhaseResult } from './job-phase.ts';
import { deletePipeline } from './delete-pipeline.ts';
import { restoreWish } from './wishes.ts';

/** All inputs have ended and all output is committed. It runs again only from an older epoch. */
export async function finished(job: Job): Promise<PhaseResult> {
  job.context.slots.release(job.scope.pipelineId);
  job.show({ slots: {}, problem: null });
  const rest = new AtRest(job);
  try {
    for (;;) {
      job.signal.throwIfAborted();
      const { desired } = job.record;
      if (desired.kind === 'deleted') return await deletePipeline(job);
      const goesBack = restoreIsDue(job.ledger.state, restoreWish(job.record));
      if (desired.kind === 'running' && goesBack) return { state: 'starting' };
      await rest.pause();
    }
  } finally {
    rest.close();
  }
}
