import type { Fault } from './fault.ts';
import { killProcesses } from './kill-processes.ts';

/** A controller dies, maybe between decision and commit; the workers go on without it for a while. */
export const killController: Fault = {
  name: 'controller',
  weight: 3,
  plan(rng, { cluster }) {
    const victim = rng.pick(cluster.controllers);
    return killProcesses(`kill ${victim.name}`, [victim]);
  },
};
