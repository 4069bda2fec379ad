import type { PlacedBody } from '@weir/epoch-protocol/ledger-entries.ts';
import type { TaskScope } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { addressOf } from '../schedule/place-subtasks.ts';
import type { Job } from './job.ts';

/** The workers of a placement: incarnation -> address. Without an address in the ledger, the directory's. */
export function workersOf(job: Job, placed: PlacedBody): Map<string, string> {
  const workers = new Map<string, string>();
  for (const subtask of placed.subtasks) {
    const known = job.context.workers
      .workers()
      .find((worker) => worker.incarnation === subtask.incarnation)?.address;
    const address = addressOf(subtask) ?? known;
    if (address !== undefined) workers.set(subtask.incarnation, address);
  }
  return workers;
}

export function taskScope(job: Job, g: number, incarnation: string): TaskScope {
  const { cluster, pipeline, pipelineId } = job.scope;
  return { cluster, pipeline, pipelineId, generation: g, incarnation };
}

/** Ends a generation's tasks, whose epochs up to `committedEpoch` are committed, at the workers that still answer; the others are fenced by the ledger and by recovery's clean-up. */
export async function cancelPlaced(
  job: Job,
  g: number,
  placed: PlacedBody,
  committedEpoch = 0,
): Promise<void> {
  await Promise.all(
    [...workersOf(job, placed)].map(async ([incarnation, address]) => {
      if (!job.context.suspicion.isAlive(incarnation)) return;
      try {
        await job.context.workerClients
          .at(address)
          .cancelTasks(taskScope(job, g, incarnation), committedEpoch);
      } catch (error) {
        job.context.log.info(
          { pipeline: job.record.name, generation: g, worker: incarnation, error: String(error) },
          'a worker could not be asked to end its tasks',
        );
      }
    }),
  );
}
