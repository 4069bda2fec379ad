import type { Fault } from './fault.ts';
import { killProcesses } from './kill-processes.ts';

/** One worker dies; its subtasks go to others, or wait for it. */
export const killWorker: Fault = {
  name: 'worker',
  weight: 4,
  plan(rng, { busyWorkers }) {
    const victim = rng.pick(busyWorkers);
    return killProcesses(`kill ${victim.name}`, [victim]);
  },
};
