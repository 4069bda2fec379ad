import { currentGeneration } from '@weir/epoch-protocol/ledger-state.ts';
import { bringUpGeneration } from '../checkpoint/recover-generation.ts';
import type { Job } from './job.ts';
import type { JobPhase, LiveGeneration, PhaseResult } from './job-phase.ts';
import { epochStep, letGo, waitMs } from './running.ts';
import { stopWish } from './wishes.ts';

/** With a last epoch while the tasks live; else the ledger fences them, what hangs is ended, and `Stopped` is written. */
export async function stopping(
  job: Job,
  phase: JobPhase & { readonly state: 'stopping' },
): Promise<PhaseResult> {
  if (phase.live !== null) {
    const next = await stopWithLastEpoch(job, phase.live);
    if (next !== null) return next;
  }
  if (currentGeneration(job.ledger.state) === null) return { state: 'stopped' };
  const outcome = await bringUpGeneration(job, {
    purpose: 'stop',
    mine: null,
    reason: 'start',
    interrupted: () => false,
  });
  job.context.slots.release(job.scope.pipelineId);
  switch (outcome.kind) {
    case 'stopped':
      return { state: 'stopped' };
    case 'halted':
      return { state: 'halted' };
    case 'lost':
    case 'run':
    case 'interrupted':
      return { exit: 'step-back' };
  }
}

/** Null when it should rather end at once. */
async function stopWithLastEpoch(job: Job, live: LiveGeneration): Promise<PhaseResult | null> {
  live.epochs.stopWithLastEpoch();
  try {
    for (;;) {
      job.signal.throwIfAborted();
      const lost = live.tasks.lost(job.now());
      if (lost?.fatal) return { state: 'failed', problem: lost.problem };
      // Nothing is lost by going without a last epoch: what is not decided is read again at the next start.
      if (lost || stopWish(job.record) === 'immediate') return null;
      const next = await epochStep(job, live);
      if (next !== null) return next;
      await job.pause(waitMs(job, live));
    }
  } finally {
    letGo(live);
  }
}
