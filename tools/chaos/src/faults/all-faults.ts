import { present } from '@weir/kernel/assert.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { cutKafka } from './cut-kafka.ts';
import { cutNats } from './cut-nats.ts';
import { delayKafka } from './delay-kafka.ts';
import { StepDeck, freezeAtStep, killAtStep } from './fail-at-step.ts';
import type { Fault } from './fault.ts';
import { freezeController } from './freeze-controller.ts';
import { freezeWorker } from './freeze-worker.ts';
import { killCluster } from './kill-cluster.ts';
import { killController } from './kill-controller.ts';
import { killWorker } from './kill-worker.ts';
import { killWorkers } from './kill-workers.ts';
import { pauseKafka } from './pause-kafka.ts';
import { restartKafka } from './restart-kafka.ts';
import { restartNats } from './restart-nats.ts';

/** At random moments. */
const anyTimeFaults: readonly Fault[] = [
  killWorker,
  killController,
  killWorkers,
  killCluster,
  freezeWorker,
  freezeController,
  restartNats,
  pauseKafka,
  restartKafka,
  cutKafka,
  delayKafka,
  cutNats,
];

/** What the faults of one run are drawn from. Every third is at a named step, as far as there are such. */
export class FaultDeck {
  readonly #atStep: readonly Fault[];
  readonly #anyTime: readonly Fault[];
  #drawn = 0;

  /** @param names only faults with these names; all without it */
  constructor(isPossible: (fault: Fault) => boolean, names?: readonly string[]) {
    const steps = new StepDeck();
    const wanted = (fault: Fault) => isPossible(fault) && (names?.includes(fault.name) ?? true);
    this.#atStep = [killAtStep(steps), freezeAtStep(steps)].filter(wanted);
    this.#anyTime = anyTimeFaults.filter(wanted);
  }

  draw(rng: SeededRandom): Fault {
    this.#drawn += 1;
    const atStep = this.#anyTime.length === 0 || (this.#drawn % 3 === 0 && this.#atStep.length > 0);
    return pickByWeight(rng, atStep ? this.#atStep : this.#anyTime);
  }
}

export const faultNames: readonly string[] = [
  ...anyTimeFaults,
  killAtStep(new StepDeck()),
  freezeAtStep(new StepDeck()),
].map(({ name }) => name);

function pickByWeight(rng: SeededRandom, faults: readonly Fault[]): Fault {
  const total = faults.reduce((sum, fault) => sum + fault.weight, 0);
  let left = rng.next() * total;
  const chosen = faults.find((fault) => (left -= fault.weight) < 0);
  return present(chosen ?? faults.at(-1), 'a fault to choose from');
}
