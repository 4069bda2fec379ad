import type { Fault } from './fault.ts';
import { killProcesses } from './kill-processes.ts';

/** Every process of Weir dies at once: only the store and Kafka remember. */
export const killCluster: Fault = {
  name: 'all',
  weight: 1,
  plan: (_rng, { cluster }) => killProcesses('kill all processes', cluster.processes),
};
