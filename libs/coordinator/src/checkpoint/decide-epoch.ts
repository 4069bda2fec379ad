import { decideEpoch } from '@weir/epoch-protocol/pending-epoch.ts';
import { findEpoch, generationNumber, type EpochRecord } from '@weir/epoch-protocol/ledger-state.ts';
import { present } from '@weir/kernel/assert.ts';
import { withSpan } from '@weir/telemetry/spans.ts';
import type { Job } from '../job/job.ts';
import type { SnapshotCollection } from './collect-snapshots.ts';
import type { CommitPublication } from './publish-commit.ts';

export type Decision =
  | { readonly kind: 'wait' }
  | { readonly kind: 'decided'; readonly epoch: EpochRecord }
  /** No transaction may be decided any more: recovery does it over, nothing is lost. */
  | { readonly kind: 'end-generation'; readonly reason: string }
  /** Another coordinator was first: with this very epoch, or with a generation that fences us. */
  | { readonly kind: 'lost' };

/** Appends the epoch to the ledger as soon as the protocol allows it: that is the decision. */
export async function decide(
  job: Job,
  collection: SnapshotCollection,
  parent: CommitPublication,
): Promise<Decision> {
  const decision = decideEpoch(collection.pending, parent.progress, job.now());
  if (decision.decision === 'wait') return { kind: 'wait' };
  if (decision.decision === 'end-generation') return { kind: 'end-generation', reason: decision.reason };
  const { traceparent } = collection.span;
  const entry = { ...decision.entry, ...(traceparent === '' ? {} : { traceparent }) };
  const attributes = { 'weir.epoch': entry.e, 'weir.generation': entry.g };
  const { failpoints } = job.context;
  failpoints.reached('decide.before');
  const outcome = await withSpan('decide', { parent: traceparent, attributes }, () =>
    job.ledger.append(job.ledger.state.nextPosition, entry),
  );
  failpoints.reached('decide.after');
  if (outcome === 'lost' || generationNumber(job.ledger.state) !== entry.g) return { kind: 'lost' };
  return { kind: 'decided', epoch: present(findEpoch(job.ledger.state, entry.e), `epoch ${entry.e}`) };
}
