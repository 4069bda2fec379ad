import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { readLedger } from '../checkpoint/read-ledger.ts';

const readDeadlineMs = 10_000;

/** The ledger read to its end now, for a caller who waits ten seconds at most: a driver's own may be behind. */
export async function ledgerNow(context: CoordinatorContext, record: PipelineRecord): Promise<LedgerState> {
  const given = new AbortController();
  const timer = context.ports.timers.after(readDeadlineMs, () =>
    given.abort(new Error('the object store is slow')),
  );
  try {
    return await readLedger(context, record, given.signal);
  } finally {
    timer.cancel();
  }
}
