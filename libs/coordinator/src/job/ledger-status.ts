import { restoreIsDue } from '@weir/epoch-protocol/generation-start.ts';
import { currentGeneration, unresolvedTorn, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { currentFailure, type PipelineRecord } from '../catalog/pipeline-record.ts';
import type { JobState } from './job-transitions.ts';
import { restoreWish, stopWish } from './wishes.ts';

/** The state that catalog and ledger tell by themselves; `recovering` stands for a generation of which only its driver knows more. */
export function stateOf(record: PipelineRecord, ledger: LedgerState): JobState {
  if (unresolvedTorn(ledger) !== null) return 'halted';
  const isFinished = ledger.stopped?.finished === true && !restoreIsDue(ledger, restoreWish(record));
  if (isFinished) return 'finished';
  if (currentFailure(record) !== null && record.desired.kind === 'running') return 'failed';
  if (currentGeneration(ledger) === null || ledger.stopped !== null) return stateAtRest(record);
  return stopWish(record) === 'immediate' ? 'stopping' : 'recovering';
}

function stateAtRest(record: PipelineRecord): 'starting' | 'created' | 'stopped' {
  switch (record.desired.kind) {
    case 'running':
      return 'starting';
    case 'created':
      return 'created';
    case 'stopped':
    case 'deleted':
      return 'stopped';
  }
}
