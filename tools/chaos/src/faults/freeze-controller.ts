import type { Fault } from './fault.ts';
import { freezeProcesses } from './freeze-processes.ts';

/** A controller stands still, maybe between an answer and the ledger. */
export const freezeController: Fault = {
  name: 'freeze-controller',
  weight: 1,
  downMs: [500, 6000],
  plan(rng, { cluster }) {
    const victim = rng.pick(cluster.controllers);
    return freezeProcesses(`freeze ${victim.name}`, [victim]);
  },
};
