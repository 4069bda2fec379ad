import type { Fault } from './fault.ts';
import { killProcesses } from './kill-processes.ts';

/** All workers die at once: every task and all that it held in memory is gone. */
export const killWorkers: Fault = {
  name: 'workers',
  weight: 1,
  plan: (_rng, { cluster }) => killProcesses('kill all workers', cluster.workers),
};
