import { currentGeneration, unresolvedTorn } from '@weir/epoch-protocol/ledger-state.ts';
import { currentFailure } from '../catalog/pipeline-record.ts';
import { bringUpGeneration } from '../checkpoint/recover-generation.ts';
import { deletePipeline } from './delete-pipeline.ts';
import type { Job } from './job.ts';
import type { JobPhase, PhaseResult } from './job-phase.ts';
import { problemOf, type Problem } from '../problem.ts';

/**
 * An error that would come again. It is recorded, so that no other controller tries again; the tasks are fenced and what hangs
 * is ended, so that no reader is held back.
 */
export async function failed(job: Job, phase: JobPhase & { readonly state: 'failed' }): Promise<PhaseResult> {
  job.show({ problem: phase.problem });
  await recordFailure(job, phase.problem);
  const { state } = job.ledger;
  if (currentGeneration(state) !== null && state.stopped === null && unresolvedTorn(state) === null) {
    const outcome = await bringUpGeneration(job, {
      purpose: 'stop',
      mine: null,
      reason: 'start',
      interrupted: () => false,
    });
    if (outcome.kind === 'lost') return { exit: 'step-back' };
    if (outcome.kind === 'halted') return { state: 'halted' };
  }
  job.context.slots.release(job.scope.pipelineId);
  job.show({ slots: {}, problem: phase.problem });
  for (;;) {
    job.signal.throwIfAborted();
    const { record } = job;
    if (record.desired.kind === 'deleted') return deletePipeline(job);
    if (record.desired.kind === 'stopped') return { state: 'stopping', live: null };
    if (record.desired.kind === 'running' && currentFailure(record) === null) return { state: 'starting' };
    await job.pause(60_000);
  }
}

async function recordFailure(job: Job, problem: Problem): Promise<void> {
  const { starts } = job.record;
  while (currentFailure(job.record) === null && job.record.starts === starts) {
    job.signal.throwIfAborted();
    try {
      const record = await job.context.catalog.update(job.record.name, (before) =>
        before.id === job.record.id && before.starts === starts
          ? { ...before, failure: { starts, problem } }
          : undefined,
      );
      if (record === undefined || record.id !== job.record.id) return;
      job.recordChanged(record);
    } catch (error) {
      job.showProblem(problemOf(error, 'retry'));
      await job.pause(1000);
    }
  }
}
