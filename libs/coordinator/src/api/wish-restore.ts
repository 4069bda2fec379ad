import { restoreIsDue } from '@weir/epoch-protocol/generation-start.ts';
import type { EpochRecord, LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { keptEpochRecords } from '@weir/epoch-protocol/ledger-trim.ts';
import type { GrpcStatusError } from '@weir/wire/grpc-error.ts';
import type { Restore } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { currentFailure, type PipelineRecord } from '../catalog/pipeline-record.ts';
import { decidedAtMs } from '../checkpoint/epoch-facts.ts';
import type { Coordinator } from '../coordinator.ts';
import type { JobState } from '../job/job-transitions.ts';
import { restoreWish } from '../job/wishes.ts';
import { wrongState } from './api-errors.ts';
import { ledgerNow } from './ledger-now.ts';
import { statusOf } from './pipeline-view.ts';
import { haltedError, recordNamed, wish } from './pipeline-wishes.ts';

const atRest: ReadonlySet<JobState> = new Set(['created', 'stopped', 'failed', 'finished']);

/**
 * Starts a pipeline that doesn't run from an epoch that it keeps. The wish belongs to this start: one that somebody makes afterwards goes
 * on from the last epoch.
 * @throws GrpcStatusError when it runs or is halted, or the epoch is none to go back to
 */
export async function wishRestore(
  coordinator: Coordinator,
  name: string,
  from: number,
): Promise<{ readonly record: PipelineRecord; readonly restore: Restore }> {
  const before = await recordNamed(coordinator, name);
  const { state } = await statusOf(coordinator, before);
  if (state === 'halted') throw haltedError(name);
  const ledger = await ledgerNow(coordinator.context, before);
  if (!atRest.has(state) || isStarting(before, ledger)) throw runningError(name, state);
  const chosen = epochToGoBackTo(name, ledger, from);
  const starts = before.starts + 1;
  const record = await wish(coordinator, name, (now) => {
    if (now.starts === starts && now.restore?.starts === starts && now.restore.from === from)
      return undefined; // it is there
    if (now.starts !== before.starts || now.desired.kind !== before.desired.kind) {
      throw wrongState(`somebody else has started or stopped '${name}' just now`, `weir status ${name}`);
    }
    return { ...now, desired: { kind: 'running' }, starts, restore: { from, starts }, failure: null };
  });
  return { record, restore: consequences(ledger, chosen) };
}

/** Wished to run and not failed: its driver has only not acted yet. */
function isStarting(record: PipelineRecord, ledger: LedgerState): boolean {
  if (record.desired.kind !== 'running' || currentFailure(record) !== null) return false;
  return ledger.stopped?.finished !== true || restoreIsDue(ledger, restoreWish(record));
}

function epochToGoBackTo(name: string, ledger: LedgerState, from: number): EpochRecord {
  const kept = keptEpochRecords(ledger);
  const chosen = kept.find(({ body }) => body.e === from);
  if (chosen?.status === 'committed') return chosen;
  const why: Record<Exclude<EpochRecord['status'], 'committed'>, string> = {
    decided: 'it is not recorded committed yet',
    abandoned: 'it was abandoned: its output was never committed',
    torn: 'it is torn: only a part of its output is committed',
  };
  const reason = chosen === undefined ? 'it is none of those that are kept' : why[chosen.status];
  const committed = kept.flatMap(({ status, body }) => (status === 'committed' ? [body.e] : []));
  const hint =
    committed.length === 0
      ? 'it has none yet'
      : `possible are ${committed.join(', ')} (weir checkpoints ${name} tells more about them)`;
  throw wrongState(`'${name}' can't start from epoch ${from}: ${reason}`, hint);
}

/** What comes again: epochs that are committed and brought output themselves. */
function consequences(ledger: LedgerState, chosen: EpochRecord): Restore {
  const repeated = ledger.epochs.filter(
    ({ status, body }) => status === 'committed' && body.e > chosen.body.e && body.restored === undefined,
  );
  return {
    fromEpoch: chosen.body.e,
    repeatedEpochs: repeated.length,
    sinceMs: BigInt(Math.round(decidedAtMs(chosen))),
  };
}

function runningError(name: string, state: JobState): GrpcStatusError {
  const now = atRest.has(state) ? 'being started' : state;
  return wrongState(
    `the pipeline '${name}' is ${now}: only one that doesn't run can go back to an older epoch`,
    `stop it first: weir stop ${name}`,
  );
}
