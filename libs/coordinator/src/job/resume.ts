import { present } from '@weir/kernel/assert.ts';
import { takeOver } from '@weir/epoch-protocol/generation-start.ts';
import { currentGeneration, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { currentFailure } from '../catalog/pipeline-record.ts';
import { generationPlanOf } from '../checkpoint/generation-plan.ts';
import { PipelineRemoved } from '../checkpoint/ledger.ts';
import type { Job } from './job.ts';
import type { JobPhase } from './job-phase.ts';
import { stateOf } from './ledger-status.ts';
import { restartWished } from './wishes.ts';

/** Where a driver begins: in whatever state the ledger and the catalog say, without touching tasks that run. */
export async function resume(job: Job): Promise<JobPhase> {
  const ledger = await readOrRemoved(job);
  if (ledger === null) return { state: 'stopped' };
  job.showLedger();
  const state = stateOf(job.record, ledger);
  switch (state) {
    case 'failed':
      return { state, problem: present(currentFailure(job.record), 'the failure of a failed pipeline') };
    case 'stopping':
      return { state, live: null };
    case 'recovering':
    case 'running':
      return takeOverOrBegin(job, ledger);
    default:
      return { state };
  }
}

/** Null where somebody began to remove the pipeline, which goes on then. @throws PipelineRemoved where this controller doesn't know of that yet */
async function readOrRemoved(job: Job): Promise<LedgerState | null> {
  try {
    return await job.ledger.read();
  } catch (error) {
    if (error instanceof PipelineRemoved && job.record.desired.kind === 'deleted') return null;
    throw error;
  }
}

function takeOverOrBegin(job: Job, ledger: LedgerState): JobPhase {
  const { body } = present(currentGeneration(ledger), 'a current generation');
  if (restartWished(job.record, generationPlanOf(body))) {
    return { state: 'recovering', mine: null, problem: null };
  }
  const alive = (incarnation: string): boolean => job.context.suspicion.isAlive(incarnation);
  if (takeOver(ledger, alive) === 'adopt') return { state: 'recovering', mine: body.g, problem: null };
  const message = 'a worker of its last generation is gone';
  return {
    state: 'recovering',
    mine: null,
    problem: { code: 'WEIR-7113', message, hint: '', transient: true },
  };
}
