import { dispositionOf } from '@weir/kernel/errors.ts';
import { EpochCycle } from '../checkpoint/epoch-cycle.ts';
import { bringUpGeneration, type BringUpOptions } from '../checkpoint/recover-generation.ts';
import type { Job } from './job.ts';
import type { PhaseResult } from './job-phase.ts';
import { problemOf } from '../problem.ts';
import { GenerationSupervisor } from './generation-supervisor.ts';
import { stopWish } from './wishes.ts';

/** Starting and recovering alike: a generation is begun or gone on with, and its tasks come up. */
export async function bringUp(
  job: Job,
  options: Pick<BringUpOptions, 'mine' | 'reason'>,
): Promise<PhaseResult> {
  const outcome = await bringUpOrProblem(job, options);
  switch (outcome.kind) {
    case 'run': {
      const tasks = new GenerationSupervisor(job, outcome.generation, outcome.placed);
      return awaitTasks(job, tasks, () => tasks.open(outcome.base));
    }
    case 'failed':
      return { state: 'failed', problem: outcome.problem };
    case 'halted':
      return { state: 'halted' };
    case 'lost':
      return { exit: 'step-back' };
    case 'interrupted':
    case 'stopped':
      return { state: 'stopping', live: null };
  }
}

async function bringUpOrProblem(job: Job, options: Pick<BringUpOptions, 'mine' | 'reason'>) {
  try {
    return await bringUpGeneration(job, {
      ...options,
      purpose: 'run',
      // A generation that runs is taken over even for a last checkpoint.
      interrupted: () =>
        options.mine === null ? stopWish(job.record) !== null : stopWish(job.record) === 'immediate',
    });
  } catch (error) {
    if (job.signal.aborted || dispositionOf(error) !== 'fatal') throw error;
    return { kind: 'failed', problem: problemOf(error) } as const;
  }
}

/** Owns the streams until the tasks run: then they go to the running phase. */
async function awaitTasks(
  job: Job,
  tasks: GenerationSupervisor,
  open: () => Promise<void>,
): Promise<PhaseResult> {
  let handedOn = false;
  try {
    await open();
    for (;;) {
      job.signal.throwIfAborted();
      const lost = tasks.lost(job.now());
      if (lost !== null) {
        await tasks.cancel(0);
        if (lost.fatal) return { state: 'failed', problem: lost.problem };
        return { state: 'recovering', mine: null, problem: lost.problem };
      }
      if (tasks.allRunning) {
        handedOn = true;
        return { state: 'running', live: { tasks, epochs: new EpochCycle(job, tasks) } };
      }
      if (stopWish(job.record) === 'immediate') {
        await tasks.cancel(0);
        return { state: 'stopping', live: null };
      }
      await job.pause(50);
    }
  } finally {
    if (!handedOn) tasks.release();
  }
}
