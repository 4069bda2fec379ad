import { takeOver } from '@weir/epoch-protocol/generation-start.ts';
import { currentGeneration, unresolvedTorn } from '@weir/epoch-protocol/ledger-state.ts';
import { currentFailure } from '../catalog/pipeline-record.ts';
import { generationPlanOf } from '../checkpoint/generation-plan.ts';
import type { Job } from './job.ts';
import type { JobPhase } from './job-phase.ts';
import { restartWished, stopWish } from './wishes.ts';

/** Where a driver begins: in whatever state the ledger and the catalog say, without touching tasks that run. */
export async function resume(job: Job): Promise<JobPhase> {
  const state = await job.ledger.read();
  job.showLedger();
  const { record } = job;
  const current = currentGeneration(state);
  if (unresolvedTorn(state) !== null) return { state: 'halted' };
  if (state.stopped?.finished === true) return { state: 'finished' };
  const failure = currentFailure(record);
  if (failure !== null && record.desired.kind === 'running') return { state: 'failed', problem: failure };
  if (current === null || state.stopped !== null) return atRest(job);
  if (stopWish(record) === 'immediate') return { state: 'stopping', live: null };
  if (restartWished(record, generationPlanOf(current.body))) {
    return { state: 'recovering', mine: null, problem: null };
  }
  const alive = (incarnation: string): boolean => job.context.suspicion.isAlive(incarnation);
  if (takeOver(state, alive) === 'adopt') {
    return { state: 'recovering', mine: current.body.g, problem: null };
  }
  const problem = {
    code: 'WEIR-7113',
    message: 'a worker of its last generation is gone',
    hint: '',
    transient: true,
  };
  return { state: 'recovering', mine: null, problem };
}

function atRest(job: Job): JobPhase {
  switch (job.record.desired.kind) {
    case 'running':
      return { state: 'starting' };
    case 'created':
      return { state: 'created' };
    case 'stopped':
    case 'deleted':
      return { state: 'stopped' };
  }
}
