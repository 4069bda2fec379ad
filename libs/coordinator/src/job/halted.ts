import type { HandleRef, TornBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { generationNumber, unresolvedTorn } from '@weir/epoch-protocol/ledger-state.ts';
import { Housekeeping } from '../checkpoint/housekeeping.ts';
import { bringUpGeneration } from '../checkpoint/recover-generation.ts';
import { deletePipeline } from './delete-pipeline.ts';
import type { Job } from './job.ts';
import type { PhaseResult } from './job-phase.ts';
import type { Problem } from '../problem.ts';
import { stopWish } from './wishes.ts';

/** The brokers aborted a part of a decided epoch. Only a person can say what that shall mean; readers aren't held back meanwhile. */
export async function halted(job: Job): Promise<PhaseResult> {
  job.context.slots.release(job.scope.pipelineId);
  const torn = unresolvedTorn(job.ledger.state);
  if (torn !== null) {
    const outcome = await bringUpGeneration(job, {
      purpose: 'stop',
      mine: generationNumber(job.ledger.state),
      reason: 'start',
      interrupted: () => false,
    });
    if (outcome.kind !== 'halted') return { exit: 'step-back' };
    job.show({ slots: {}, problem: describeTorn(job.record.name, torn) });
  }
  // A zombie of an older generation may still open transactions, which would hold readers back.
  const housekeeping = new Housekeeping(job, true);
  try {
    return await untilResolved(job, housekeeping);
  } finally {
    housekeeping.stop();
  }
}

async function untilResolved(job: Job, housekeeping: Housekeeping): Promise<PhaseResult> {
  for (;;) {
    job.signal.throwIfAborted();
    if (job.record.desired.kind === 'deleted') return deletePipeline(job);
    await job.ledger.read();
    await resolve(job);
    if (unresolvedTorn(job.ledger.state) === null) {
      if (stopWish(job.record) !== null) return { state: 'stopping', live: null };
      return { state: 'recovering', mine: null, problem: null };
    }
    housekeeping.attend();
    await job.pause(1000);
  }
}

/** Writes what a person has said of the torn epoch; when another entry came first, the next look reads it. */
async function resolve(job: Job): Promise<void> {
  const torn = unresolvedTorn(job.ledger.state);
  const { resolution } = job.record;
  if (torn === null || resolution === undefined || resolution.e !== torn.e) return;
  const { g, e } = torn;
  await job.ledger.append(job.ledger.state.nextPosition, { kind: 'Resolved', g, e, as: resolution.as });
  job.log(`epoch ${e} is resolved as ${resolution.as}`);
}

export function describeTorn(pipeline: string, torn: TornBody): Problem {
  const parts = [
    list('committed', torn.committed),
    list('aborted by the broker', torn.aborted),
    list('not known', torn.unknown),
  ].filter((part) => part !== '');
  return {
    code: 'WEIR-7112',
    message: `epoch ${torn.e} is torn: it was decided, and then the brokers ended only a part of its transactions. ${parts.join('; ')}`,
    hint: `look at these partitions, then either count the epoch as committed (weir resolve ${pipeline} --as committed: what was aborted is missing) or as abandoned (weir resolve ${pipeline} --as abandoned: what was committed comes again)`,
    transient: false,
  };
}

function list(title: string, refs: readonly HandleRef[]): string {
  if (refs.length === 0) return '';
  const names = refs.map((ref) =>
    ref.partitions.length > 0 ? ref.partitions.join(', ') : `${ref.operator}/${ref.subtask}`,
  );
  return `${title}: ${names.join(', ')}`;
}
