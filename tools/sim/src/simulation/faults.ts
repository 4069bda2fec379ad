import { wishRescale, wishRestart, wishStop } from '@weir/coordinator/api/pipeline-wishes.ts';
import { StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { failpointSteps, type FailpointName } from '@weir/kernel/failpoints.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';
import type { SimRandom } from '@weir/testkit/sim-random.ts';
import type { SimCluster, SimMember } from './sim-cluster.ts';
import type { SimPerson } from './sim-person.ts';
import { pipelineName } from './sim-pipeline.ts';
import { steps, type StepName, type StepTraps } from './step-traps.ts';

/** What faults act on. */
export interface FaultScene {
  readonly cluster: SimCluster;
  readonly person: SimPerson;
  readonly traps: StepTraps;
  readonly random: SimRandom;
}

/** A kind of fault; each call is one fault, which ends by itself or when all is cleared up. */
export type Fault = (scene: FaultScene) => void;

function note({ cluster }: FaultScene, what: string): void {
  cluster.world.trace('fault', what);
}

function killed({ cluster, random }: FaultScene, process: SimProcess, awayMs?: number): void {
  const member = cluster.members.find((each) => each.process === process);
  process.kill();
  if (member === undefined) return;
  cluster.world.after(awayMs ?? random.between(50, 3000), () => {
    if (member.process === process) cluster.restart(member);
  });
}

function anyMember({ cluster, random }: FaultScene, kind: SimMember['kind']): SimProcess {
  return random.pick(cluster.of(kind)).process;
}

function anyProcess({ cluster, random }: FaultScene): SimProcess {
  return random.pick(cluster.members).process;
}

/** For a while one kind of weather, then fair again unless another fault has changed it. */
function spell<W extends object>(
  scene: FaultScene,
  owner: { weather: W },
  change: Partial<W>,
  forMs: number,
): void {
  const changed = { ...owner.weather, ...change };
  owner.weather = changed;
  const fair = scene.cluster;
  fair.world.after(forMs, () => {
    if (owner.weather === changed) (owner as unknown as { clearUp(): void }).clearUp();
  });
}

const failpoints = Object.keys(failpointSteps) as FailpointName[];

function catchAt(scene: FaultScene, at: readonly StepName[]): void {
  const { random, traps, cluster } = scene;
  const forMs = random.between(200, 8000);
  const action = random.pick(['kill', 'kill', 'pause', 'kill all', 'kill the others']);
  traps.set(random.pick(at), 1 + random.below(4), (by) => {
    note(scene, `${action} ${by.name}`);
    if (action === 'pause') return by.pause(forMs);
    const hit = cluster.members
      .map(({ process }) => process)
      .filter((process) => (action === 'kill' ? process === by : action === 'kill all' || process !== by));
    for (const process of hit) killed(scene, process);
  });
}

export const faults = {
  killWorker: (scene) => {
    killed(scene, anyMember(scene, 'worker'));
  },
  killController: (scene) => {
    killed(scene, anyMember(scene, 'controller'));
  },
  killAll: (scene) => {
    for (const { process } of scene.cluster.members) killed(scene, process);
  },
  pauseWorker: (scene) => {
    anyMember(scene, 'worker').pause(scene.random.between(200, 8000));
  },
  pauseController: (scene) => {
    anyMember(scene, 'controller').pause(scene.random.between(200, 8000));
  },
  /** Kills or freezes whoever does a step of the protocol, in the middle of it; or everybody else. */
  catchAtStep: (scene) => catchAt(scene, steps),
  /** The same at the steps at which real processes can be made to fail. */
  catchAtFailpoint: (scene) => catchAt(scene, failpoints),
  loseMessages: (scene) => {
    const { random, cluster } = scene;
    note(scene, 'messages are lost, repeated, delayed');
    const weather = {
      lost: random.between(0, 0.5),
      repeated: random.between(0, 0.4),
      slowestMs: random.pick([1, 20, 800]),
    };
    spell(scene, cluster.bus, weather, random.between(300, 4000));
  },
  cutOffBus: (scene) => {
    const process = anyProcess(scene);
    note(scene, `${process.name} is cut off the bus`);
    const { bus, world } = scene.cluster;
    bus.setCutOff(process, true);
    world.after(scene.random.between(300, 6000), () => bus.setCutOff(process, false));
  },
  busDown: (scene) => {
    note(scene, 'the bus is down');
    const { bus, world } = scene.cluster;
    bus.setDown(true);
    world.after(scene.random.between(300, 5000), () => bus.setDown(false));
  },
  breakGrpc: (scene) => {
    const [a, b] = [anyProcess(scene), anyProcess(scene)];
    note(scene, `connections between ${a.name} and ${b.name} break`);
    scene.cluster.grpc.breakBetween(a, b);
  },
  badStore: (scene) => {
    const { random, cluster } = scene;
    note(scene, 'the store is slow, fails, keeps outcomes to itself');
    const weather = {
      leastMs: 0.1,
      slowestMs: random.pick([3, 50, 1000]),
      refused: random.between(0, 0.4),
      unknownDone: random.between(0, 0.3),
      unknownNot: random.between(0, 0.2),
      unknownLate: random.between(0, 0.2),
      latestMs: random.pick([10, 500, 5000]),
    };
    spell(scene, cluster.store, weather, random.between(300, 4000));
  },
  badKafka: (scene) => {
    const { random, cluster } = scene;
    note(scene, 'requests to Kafka are lost, delayed, not answered');
    const weather = {
      slowestMs: random.pick([2, 20, 300]),
      requestLost: random.between(0, 0.1),
      answerLost: random.between(0, 0.1),
      requestLate: random.between(0, 0.1),
      latestMs: random.pick([20, 500, 5000]),
    };
    spell(scene, cluster.kafka, weather, random.between(300, 3000));
  },
  coordinatorAway: (scene) => {
    const { random, cluster } = scene;
    note(scene, "Kafka's coordinators don't answer questions, markers come late");
    cluster.kafka.transactions.slowestMarkersMs = random.pick([6, 400]);
    spell(scene, cluster.kafka, { coordinatorAway: random.between(0.3, 1) }, random.between(300, 3000));
  },
  brokerAway: (scene) => {
    const { random, cluster } = scene;
    const node = random.below(cluster.kafka.nodes);
    note(scene, `broker ${node} is away`);
    cluster.kafka.takeAway(node, random.between(200, 4000));
  },
  /** As when a transaction is older than its timeout; the broker aborts it whatever has been decided. */
  abortTransaction: (scene) => {
    const { transactions } = scene.cluster.kafka;
    const open = transactions.all().filter(({ state }) => state === 'Ongoing');
    if (open.length > 0) transactions.timeOut(scene.random.pick(open));
  },
  rescale: (scene) => {
    const parallelism = 1 + scene.random.below(3);
    note(scene, `the parallelism shall be ${parallelism}`);
    scene.person.ask((coordinator) => wishRescale(coordinator, pipelineName, parallelism));
  },
  restart: (scene) => {
    note(scene, 'a restart is wished');
    scene.person.ask((coordinator) => wishRestart(coordinator, pipelineName));
  },
  stopAndStart: (scene) => {
    const { random, person, cluster } = scene;
    const mode = random.pick([StopMode.STOP_MODE_CHECKPOINT, StopMode.STOP_MODE_IMMEDIATE]);
    note(scene, 'a stop is wished, and soon a start');
    person.ask((coordinator) => wishStop(coordinator, pipelineName, mode));
    cluster.world.after(random.between(50, 2000), () => person.startStopped());
  },
  /** Everything is gone for longer than transactions may be open. */
  longOutage: (scene) => {
    note(scene, 'a long outage');
    for (const { process } of scene.cluster.members)
      killed(scene, process, scene.random.between(60_000, 90_000));
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;
