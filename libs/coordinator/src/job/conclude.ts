import type { EpochBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { findEpoch } from '@weir/epoch-protocol/ledger-state.ts';
import type { Job } from './job.ts';

/**
 * The last epoch is committed at the brokers: records it and that the pipeline has stopped.
 * @returns false when another coordinator wrote meanwhile
 */
export async function conclude(job: Job, epoch: EpochBody, finished: boolean): Promise<boolean> {
  const { g, e } = epoch;
  const { failpoints } = job.context;
  if (findEpoch(job.ledger.state, e)?.status === 'decided') {
    failpoints.reached('record.before');
    const recorded = await job.ledger.append(job.ledger.state.nextPosition, { kind: 'Committed', g, e });
    failpoints.reached('record.after');
    if (recorded === 'lost') return false;
  }
  const stopped = { kind: 'Stopped', g, e, finished } as const;
  failpoints.reached('stop.before');
  const outcome = await job.ledger.append(job.ledger.state.nextPosition, stopped);
  failpoints.reached('stop.after');
  job.showLedger();
  return outcome === 'won';
}
