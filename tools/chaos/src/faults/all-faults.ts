import { present } from '@weir/kernel/assert.ts';
import type { SeededRng } from '../seeded-rng.ts';
import type { Fault } from './fault.ts';
import { freezeController } from './freeze-controller.ts';
import { freezeWorker } from './freeze-worker.ts';
import { killCluster } from './kill-cluster.ts';
import { killController } from './kill-controller.ts';
import { killWorker } from './kill-worker.ts';
import { killWorkers } from './kill-workers.ts';
import { pauseKafka } from './pause-kafka.ts';
import { restartNats } from './restart-nats.ts';

export const allFaults: readonly Fault[] = [
  killWorker,
  killController,
  killWorkers,
  killCluster,
  freezeWorker,
  freezeController,
  restartNats,
  pauseKafka,
];

/** Chooses one by weight. */
export function pickFault(rng: SeededRng, faults: readonly Fault[]): Fault {
  const total = faults.reduce((sum, fault) => sum + fault.weight, 0);
  let left = rng.next() * total;
  const chosen = faults.find((fault) => (left -= fault.weight) < 0);
  return present(chosen ?? faults.at(-1), 'a fault to choose from');
}
