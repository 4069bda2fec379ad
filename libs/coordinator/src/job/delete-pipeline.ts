import { pipelinePrefix } from '@weir/epoch-protocol/ledger-keys.ts';
import { dispositionOf } from '@weir/kernel/errors.ts';
import { RecoverySinks } from '../checkpoint/recovery-sinks.ts';
import type { Job } from './job.ts';
import type { JobExit } from './job-phase.ts';
import { problemOf } from '../problem.ts';

/**
 * Removes a pipeline that doesn't run: first what hangs at the brokers, then checkpoints and ledger, the catalog entry last, so that
 * whoever is interrupted begins again. Its id is never used again: a late message or entry of it can't harm a next one of its name.
 */
export async function deletePipeline(job: Job): Promise<JobExit> {
  const { context, scope, record } = job;
  for (let delayMs = 100; ; delayMs = Math.min(5000, delayMs * 2)) {
    job.signal.throwIfAborted();
    try {
      await endTransactions(job);
      await deleteAll(job, `${pipelinePrefix(scope)}snapshots/`);
      await deleteAll(job, pipelinePrefix(scope));
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
    await sinks.cleanUp(job.ledger.state.generations);
  } finally {
    await sinks.close();
  }
}

/** In the order of their keys: the ledger's oldest entry goes first, after which a reader finds an empty ledger. */
async function deleteAll(job: Job, prefix: string): Promise<void> {
  const keys: string[] = [];
  for await (const key of job.context.store.list(prefix)) keys.push(key);
  for (const key of keys.toSorted()) await job.context.store.delete(key);
}
