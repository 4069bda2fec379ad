import type { Fault } from './fault.ts';
import { freezeProcesses } from './freeze-processes.ts';

/** One worker stands still: shortly, or for so long that it is taken for dead and wakes up as a zombie. */
export const freezeWorker: Fault = {
  name: 'freeze-worker',
  weight: 2,
  downMs: [500, 6000],
  plan(rng, { busyWorkers }) {
    const victim = rng.pick(busyWorkers);
    return freezeProcesses(`freeze ${victim.name}`, [victim]);
  },
};
