import { SimRandom } from '@weir/testkit/sim-random.ts';
import { faults, type FaultName, type FaultScene } from './faults.ts';

/** Which faults a run has, how dense, how long. */
export interface Weather {
  readonly kinds: readonly FaultName[];
  readonly meanPauseMs: number;
  readonly forMs: number;
}

/** Kinds that are drawn often; the others change what a run can show (a torn epoch halts it) or take long. */
const usual: readonly FaultName[] = [
  'killWorker',
  'killController',
  'killAll',
  'pauseWorker',
  'pauseController',
  'catchAtStep',
  'catchAtStep',
  'loseMessages',
  'cutOffBus',
  'busDown',
  'breakGrpc',
  'badStore',
  'badKafka',
  'coordinatorAway',
  'brokerAway',
  'rescale',
  'restart',
  'stopAndStart',
];

/** A run has some kinds of faults, not all: a few of them together dig deeper than everything at once. */
export function drawWeather({ random, cluster }: FaultScene): Weather {
  const count = 1 + random.below(5);
  const kinds = Array.from({ length: count }, () => random.pick(usual));
  if (new SimRandom(`${cluster.world.seed}/failpoints`).chance(0.35)) kinds.push('catchAtFailpoint'); // leaves what else is drawn as it is
  if (random.chance(0.12)) kinds.push('abortTransaction');
  if (random.chance(0.04)) kinds.push('longOutage');
  return {
    kinds: [...new Set(kinds)],
    meanPauseMs: random.pick([200, 600, 1500]),
    forMs: random.between(2000, 9000),
  };
}

/** Faults one after the other until the time is over. */
export function scheduleFaults(scene: FaultScene, weather: Weather, untilMs: number): void {
  const { cluster, random } = scene;
  const { world } = cluster;
  const next = (): void => {
    if (world.nowMs >= untilMs) return;
    faults[random.pick(weather.kinds)](scene);
    world.after(random.between(0, 2 * weather.meanPauseMs), next);
  };
  world.after(random.between(0, 500), next);
}

/** Faults stop: everybody is there again and everything answers. What is paused or away comes back by itself. */
export function clearUp({ cluster, traps }: FaultScene): void {
  cluster.world.trace('fault', 'all faults are over');
  traps.clear();
  cluster.bus.clearUp();
  cluster.bus.setDown(false);
  cluster.store.clearUp();
  cluster.kafka.clearUp();
  for (const member of cluster.members) {
    cluster.bus.setCutOff(member.process, false);
    cluster.restart(member);
  }
}
