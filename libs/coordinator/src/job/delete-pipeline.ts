import { cleanedInFull } from '@weir/epoch-protocol/generation-start.ts';
import { pipelinePrefix, trimKey } from '@weir/epoch-protocol/ledger-keys.ts';
import { decodeTrimRecord } from '@weir/epoch-protocol/ledger-trim.ts';
import { snapshotPrefix } from '@weir/epoch-protocol/snapshot-object-key.ts';
import { dispositionOf } from '@weir/kernel/errors.ts';
import { TrimRecordAccess } from '../checkpoint/trim-record.ts';
import { RecoverySinks } from '../checkpoint/recovery-sinks.ts';
import type { Job } from './job.ts';
import type { JobExit } from './job-phase.ts';
import { problemOf } from '../problem.ts';

const markKeptMs = 24 * 3_600_000;

/**
 * Removes a pipeline that doesn't run: first what hangs at the brokers, then checkpoints and ledger, the catalog entry last, so that
 * whoever is interrupted begins again. Its id is never used again: a late message or entry of it can't harm a next one of its name. What stays for
 * a day or more is a mark in place of its trim record: it fences a controller that stood still since before and would go on with the ledger it knew.
 */
export async function deletePipeline(job: Job): Promise<JobExit> {
  const { context, scope, record } = job;
  for (let delayMs = 100; ; delayMs = Math.min(5000, delayMs * 2)) {
    job.signal.throwIfAborted();
    try {
      await endTransactions(job);
      await new TrimRecordAccess(context.store, scope).markRemoved(context.ports.clock.nowMs());
      await deleteAll(job, snapshotPrefix(scope));
      await deleteAll(job, pipelinePrefix(scope));
      await deleteOldMarks(job);
      await context.connections.vault.forgetOwner(record.id);
      await context.catalog.remove(record.name, record.id);
      return { exit: 'deleted' };
    } catch (error) {
      if (job.signal.aborted) throw error;
      job.showProblem(problemOf(error, 'retry'));
      if (dispositionOf(error) === 'fatal')
        job.log('the removal of a pipeline is held up', { error: String(error) });
      await job.pause(delayMs);
    }
  }
}

async function endTransactions(job: Job): Promise<void> {
  const sinks = new RecoverySinks(job.context, job.scope);
  try {
    // The current one and the last ones in full; of older ones what is still open.
    const { generations } = job.ledger.state;
    const older = generations.slice(0, -cleanedInFull);
    const open = older.length === 0 ? [] : await sinks.ongoing(older);
    await sinks.cleanUp([...open, ...generations.slice(-cleanedInFull)]);
  } finally {
    await sinks.close();
  }
}

/** In the order of their keys: the ledger's oldest entry goes first. The mark stays. */
async function deleteAll(job: Job, prefix: string): Promise<void> {
  const keys: string[] = [];
  for await (const key of job.context.store.list(prefix)) keys.push(key);
  const mark = trimKey(job.scope);
  for (const key of keys.toSorted()) if (key !== mark) await job.context.store.delete(key);
}

/** Marks of earlier pipelines of this name, which no controller can have stood still for. */
async function deleteOldMarks({ context, scope }: Job): Promise<void> {
  const { store, ports } = context;
  const marks: string[] = [];
  const ofThisName = pipelinePrefix(scope).slice(0, -`${scope.pipelineId}/`.length);
  for await (const key of store.list(ofThisName)) if (key.endsWith('/trim.json')) marks.push(key);
  for (const key of marks) {
    const removedAtMs = removalIn((await store.get(key))?.bytes, key);
    if (removedAtMs !== undefined && ports.clock.nowMs() - removedAtMs > markKeptMs) await store.delete(key);
  }
}

/** What isn't understood is kept. */
function removalIn(bytes: Uint8Array | undefined, key: string): number | undefined {
  try {
    return bytes && decodeTrimRecord(bytes, key).removedAtMs;
  } catch {
    return undefined;
  }
}
