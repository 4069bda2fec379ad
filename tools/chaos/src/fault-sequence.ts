import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import type { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import { FaultDeck } from './faults/all-faults.ts';
import type { ArmedStep } from './faults/armed-step.ts';
import { betweenDecisionAndCommit } from './faults/fail-at-step.ts';
import type { Fault, FaultServers, FaultTarget, PlannedFault } from './faults/fault.ts';
import type { PipelineWatch } from './pipeline-watch.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';

const mostRunMs = 2000;
const usualDownMs = [0, 1500] as const;

export interface FaultScene {
  readonly rng: SeededRandom;
  readonly cluster: WeirCluster;
  readonly client: ClusterClient;
  readonly watch: PipelineWatch;
  readonly steps: ArmedStep;
  readonly wishes: FaultTarget['wishes'];
  readonly servers: FaultServers;
  /** Output partitions that hold readers back, some seconds after a recovery. */
  readonly stuckReaders: () => Promise<number>;
  readonly say: (line: string) => void;
}

/** One fault after the other happens to a pipeline under load; each is over when an epoch is committed that was not decided before. */
export class FaultSequence {
  readonly #scene: FaultScene;
  readonly #deck: FaultDeck;
  readonly #recoverySeconds: number[] = [];
  #betweenDecisionAndCommit = 0;
  #stuckReaders = 0;

  /** @param names of faults to choose from; all that are possible without it */
  constructor(scene: FaultScene, names?: readonly string[]) {
    this.#scene = scene;
    this.#deck = new FaultDeck((fault) => fault.isPossible?.(scene.servers) ?? true, names);
  }

  /** From the fault (or, where it isn't a kill, from its healing) to the first newly committed epoch, each. */
  get recoverySeconds(): readonly number[] {
    return this.#recoverySeconds;
  }

  /** Faults that struck while an epoch was decided and not wholly committed, as far as that is known for certain. */
  get betweenDecisionAndCommit(): number {
    return this.#betweenDecisionAndCommit;
  }

  /** Partitions that held readers back after a recovery, all recoveries together. */
  get stuckReaders(): number {
    return this.#stuckReaders;
  }

  /** @returns how many faults there were: fewer than `count` never */
  async run(count: number): Promise<number> {
    let done = 0;
    while (done < count) if (await this.#one(`${done + 1}/${count}`)) done += 1;
    return done;
  }

  /** False when it could not be done. */
  async #one(label: string): Promise<boolean> {
    const { rng, watch, say } = this.#scene;
    const runMs = rng.below(mostRunMs);
    const chosen = this.#deck.draw(rng);
    const [leastMs, mostMs] = chosen.downMs ?? usualDownMs;
    const downMs = leastMs + rng.below(mostMs - leastMs);
    await pause(runMs);
    const fault = chosen.plan(rng, await this.#target());
    const struck = await fault.strike();
    if (struck === null) {
      await fault.heal();
      await watch.untilNextEpoch();
      say(`${label} ${fault.what}: nobody came there in time, another fault is chosen`);
      return false;
    }
    const seconds = await this.#recovered(chosen, fault, downMs);
    const { generation = 0, epoch = 0 } = watch.latest ?? {};
    say(
      `${label} ${struck ?? fault.what}: committed again after ${seconds.toFixed(1)} s ` +
        `(down for ${(downMs / 1000).toFixed(1)} s; generation ${generation}, epoch ${epoch})`,
    );
    await this.#lookAtReaders();
    return true;
  }

  /** Heals it after a while, and waits for what it takes. @returns seconds */
  async #recovered(chosen: Fault, fault: PlannedFault, downMs: number): Promise<number> {
    // Of what ends with its healing, epochs before it are none of the recovery: an empty one needs no Kafka to be committed.
    const fromHealing = chosen.downMs !== undefined || fault.endsWithHealing === true;
    const fromStrike = fromHealing ? undefined : this.#secondsToNextEpoch();
    fromStrike?.catch(() => undefined); // awaited below, after healing
    await pause(downMs);
    await fault.heal();
    const seconds = await (fromStrike ?? this.#secondsToNextEpoch());
    this.#recoverySeconds.push(seconds);
    const { point } = fault;
    if (point !== undefined && betweenDecisionAndCommit.includes(point)) this.#betweenDecisionAndCommit += 1;
    return seconds;
  }

  async #secondsToNextEpoch(): Promise<number> {
    const fromMs = performance.now();
    await this.#scene.watch.untilNextEpoch();
    return (performance.now() - fromMs) / 1000;
  }

  async #lookAtReaders(): Promise<void> {
    const stuck = await this.#scene.stuckReaders();
    if (stuck > 0) this.#scene.say(`wrong: readers of ${stuck} partitions are held back after the recovery`);
    this.#stuckReaders += stuck;
  }

  async #target(): Promise<FaultTarget> {
    const { cluster, steps, wishes, servers } = this.#scene;
    return { ...servers, cluster, steps, wishes, busyWorkers: await this.#busyWorkers() };
  }

  async #busyWorkers(): Promise<readonly WeirProcess[]> {
    const { cluster, client } = this.#scene;
    const busy = (await client.workers()).filter(({ usedSlots }) => usedSlots > 0);
    const found = cluster.workers.filter((worker) =>
      busy.some(({ address }) => address === worker.addresses.address),
    );
    return found.length === 0 ? cluster.workers : found;
  }
}
