import { assert } from '@weir/kernel/assert.ts';

export type JobState =
  | 'created'
  | 'starting'
  | 'running'
  | 'recovering'
  | 'stopping'
  | 'stopped'
  | 'finished'
  | 'failed'
  | 'halted';

/**
 * Every legal transition. A driver that takes a pipeline over begins in whatever state the ledger and the catalog say.
 *
 * created     somebody starts it
 * starting    tasks run | lost before they did | stop | an error that would come again | the base is torn
 * running     a task or worker is lost | stop | all inputs ended | an error that would come again
 * recovering  tasks run again | lost again | stop | an error that would come again | the base is torn
 * stopping    last epoch committed, or fenced at once | lost on the way to the last epoch | all inputs ended meanwhile | torn
 * stopped     somebody starts it | a failed start is recorded
 * failed      somebody starts it | somebody stops it
 * finished    somebody starts it from an older epoch
 * halted      somebody resolves it, then it starts or stops
 */
export const legalTransitions: Readonly<Record<JobState, readonly JobState[]>> = {
  created: ['starting', 'stopped'],
  starting: ['running', 'recovering', 'stopping', 'failed', 'halted'],
  running: ['recovering', 'stopping', 'finished', 'failed'],
  recovering: ['running', 'recovering', 'stopping', 'failed', 'halted'],
  stopping: ['stopped', 'finished', 'recovering', 'failed', 'halted'],
  stopped: ['starting'],
  finished: ['starting'],
  failed: ['starting', 'stopping'],
  halted: ['starting', 'stopping', 'recovering'],
};

export function assertTransition(from: JobState, to: JobState): void {
  assert(
    legalTransitions[from].includes(to),
    `a job goes from ${from} to ${legalTransitions[from].join(', ')} only, not to ${to}`,
  );
}
