import { setTimeout as pause } from 'node:timers/promises';
import { fetchGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import { ClusterClient, endedBadly, stateName } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { chaosSql, makeChaosTopics, partitions } from './chaos-pipeline.ts';
import type { ChaosTopics } from './chaos-pipeline.ts';
import type { CommittedReader } from './committed-reader.ts';
import { allFaults, pickFault } from './faults/all-faults.ts';
import type { Fault, FaultServers } from './faults/fault.ts';
import { InputWriter } from './input-writer.ts';
import { judge } from './judge.ts';
import type { Verdict } from './judge.ts';
import { SeededRng } from './seeded-rng.ts';

export interface ChaosOptions {
  readonly bootstrap: string;
  readonly natsUrl: string;
  /** For logs and the store. */
  readonly folder: string;
  readonly reader: CommittedReader;
  readonly seed: number;
  readonly kills: number;
  /** The input flows at least this long. */
  readonly durationMs?: number;
  readonly workers?: number;
  readonly recordsPerSecond?: number;
  readonly checkpointInterval?: string;
  readonly faults?: readonly Fault[];
  /** Servers of this run alone, which may be hit too. */
  readonly servers?: FaultServers;
  readonly say: (line: string) => void;
}

/** The last line of `npm run chaos -- --json`. */
export interface ChaosResult {
  readonly seed: number;
  readonly kills: number;
  readonly input: number;
  readonly output: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly wrongWindows: number;
  readonly recoverySecondsMax: number;
  readonly stuckReaders: number;
  readonly passed: boolean;
}

const pipeline = 'chaos';
const mostRunMs = 2000;
const usualDownMs = [0, 1500] as const;
/** After an end, the last stable offset must reach the end of each output within this time. */
const readersMoveWithinMs = 5000;

/** Lets faults happen to a pipeline under load, and judges what it wrote. */
export class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #rng: SeededRng;
  readonly #cluster: WeirCluster;
  readonly #kafka: KafkaCluster;
  readonly #client: ClusterClient;
  readonly #topics: ChaosTopics;
  readonly #groupId: string;
  #recoverySecondsMax = 0;

  private constructor(
    options: ChaosOptions,
    parts: {
      cluster: WeirCluster;
      kafka: KafkaCluster;
      client: ClusterClient;
      topics: ChaosTopics;
      groupId: string;
    },
  ) {
    this.#options = options;
    this.#rng = new SeededRng(options.seed);
    this.#cluster = parts.cluster;
    this.#kafka = parts.kafka;
    this.#client = parts.client;
    this.#topics = parts.topics;
    this.#groupId = parts.groupId;
  }

  static async run(options: ChaosOptions): Promise<ChaosResult> {
    const { bootstrap, natsUrl, folder, workers = 2 } = options;
    const run = `chaos-${options.seed}-${process.pid}-${Date.now().toString(36)}`;
    const kafka = await KafkaCluster.open({ bootstrapServers: bootstrap.split(','), clientId: run });
    try {
      const topics = await makeChaosTopics(kafka, run);
      const cluster = await WeirCluster.start({ folder, cluster: run, natsUrl, workers });
      const client = new ClusterClient(cluster.address);
      try {
        return await new ChaosRun(options, { cluster, kafka, client, topics, groupId: run }).#run();
      } finally {
        client.close();
        await cluster.kill();
      }
    } finally {
      await kafka.close();
    }
  }

  async #run(): Promise<ChaosResult> {
    const { bootstrap, seed, recordsPerSecond = 3000, checkpointInterval = '250ms', say } = this.#options;
    await this.#client.create({
      name: pipeline,
      sql: chaosSql(bootstrap, this.#topics, this.#groupId),
      parallelism: 2,
      checkpointInterval,
    });
    const startMs = performance.now();
    const input = await InputWriter.start(this.#kafka, {
      topic: this.#topics.input,
      seed,
      perSecond: recordsPerSecond,
    });
    await this.#client.until(
      pipeline,
      'to commit its first epoch',
      ({ committedEpoch }) => committedEpoch > 0,
    );
    let kills = 0;
    for (; kills < this.#options.kills; kills += 1) await this.#oneFault(kills + 1);
    const leftMs = (this.#options.durationMs ?? 0) - (performance.now() - startMs);
    if (leftMs > 0) await pause(leftMs);
    const rate = Math.round(input.rate);
    await input.stop();
    say(`input ended: ${input.committed} records committed, ${rate} a second`);
    if (rate < 2000) say('warning: fewer than 2,000 records a second; this machine is slow or busy');
    const finished = await this.#untilAllIsProcessed();
    const stuckReaders = await this.#stuckReaders();
    const verdict = await judge(this.#options.reader, this.#topics);
    for (const example of verdict.examples) say(`wrong: ${example}`);
    return this.#result(verdict, kills, stuckReaders, finished);
  }

  /** Waits a random while, strikes, heals after another one, and waits until an epoch is committed that was not decided before. */
  async #oneFault(number: number): Promise<void> {
    const { faults = allFaults, servers = {}, kills, say } = this.#options;
    const runMs = this.#rng.below(mostRunMs);
    const possible = faults.filter((fault) => fault.isPossible?.(servers) ?? true);
    const chosen = pickFault(this.#rng, possible);
    const [leastMs, mostMs] = chosen.downMs ?? usualDownMs;
    const downMs = leastMs + this.#rng.below(mostMs - leastMs);
    await pause(runMs);
    const before = await this.#client.until(pipeline, 'to answer', () => true);
    const target = { ...servers, cluster: this.#cluster, busyWorkers: await this.#busyWorkers() };
    const fault = chosen.plan(this.#rng, target);
    const struckAtMs = performance.now();
    await fault.strike();
    const recovering = this.#recovery(before.epoch, struckAtMs);
    recovering.catch(() => undefined); // awaited below, after healing
    await pause(downMs);
    await fault.heal();
    const healedMs = chosen.downMs === undefined ? 0 : performance.now() - struckAtMs;
    const { seconds: all, generation, epoch } = await recovering;
    const seconds = Math.max(0, all - healedMs / 1000);
    this.#recoverySecondsMax = Math.max(this.#recoverySecondsMax, seconds);
    say(
      `${number}/${kills} ${fault.what}: committed again after ${seconds.toFixed(1)} s ` +
        `(down for ${(downMs / 1000).toFixed(1)} s; generation ${generation}, epoch ${epoch})`,
    );
  }

  /** Until an epoch is committed that was not decided before. */
  async #recovery(
    lastEpoch: number,
    struckAtMs: number,
  ): Promise<{ seconds: number; generation: number; epoch: number }> {
    const { generation, committedEpoch } = await this.#client.until(
      pipeline,
      `to commit an epoch after ${lastEpoch}`,
      (now) => now.committedEpoch > lastEpoch,
    );
    return { seconds: (performance.now() - struckAtMs) / 1000, generation, epoch: committedEpoch };
  }

  async #busyWorkers(): Promise<readonly WeirProcess[]> {
    const { workers } = this.#cluster;
    const busy = (await this.#client.workers()).filter(({ usedSlots }) => usedSlots > 0);
    const found = workers.filter((worker) =>
      busy.some(({ address }) => address === worker.addresses.address),
    );
    return found.length === 0 ? workers : found;
  }

  /** The group's offsets follow each committed epoch: once they are at the ends of the input, its output is committed. */
  async #untilAllIsProcessed(): Promise<boolean> {
    const all = Array.from({ length: partitions }, (_, partition) => ({
      topic: this.#topics.input,
      partition,
    }));
    let failed: WeirError | undefined;
    try {
      await waitUntil(
        async () => {
          failed = endedBadly(await this.#client.get(pipeline));
          const ends = await this.#kafka.fetchOffsets(all, 'latest', 'read_committed');
          const reached = await fetchGroupOffsets(this.#kafka, this.#groupId, all);
          return ends.every(({ partition, offset }) =>
            reached.some((entry) => entry.partition === partition && entry.offset >= offset),
          );
        },
        { what: 'the pipeline to work off its input', everyMs: 200, giveUp: () => failed },
      );
      const { epoch } = await this.#client.until(pipeline, 'to answer', () => true);
      await this.#client.until(
        pipeline,
        'to commit once more',
        ({ committedEpoch }) => committedEpoch > epoch + 1,
      );
      await this.#client.stop(pipeline);
      await this.#client.untilState(pipeline, 'stopped');
      return true;
    } catch (error) {
      const state = await this.#client.get(pipeline).then(stateName, () => 'not known');
      this.#options.say(`wrong: ${describeError(error)}; the pipeline is ${state}`);
      return false;
    }
  }

  /** Output partitions in which an open transaction holds back readers of committed records. */
  async #stuckReaders(): Promise<number> {
    const { kept, windows } = this.#topics;
    const all = [kept, windows].flatMap((topic) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
    );
    const stuck = async () => {
      const stable = await this.#kafka.fetchOffsets(all, 'latest', 'read_committed');
      const ends = await this.#kafka.fetchOffsets(all, 'latest', 'read_uncommitted');
      return ends.filter(({ offset }, index) => (stable[index]?.offset ?? 0) < offset).length;
    };
    const options = { what: 'readers to reach the ends', deadlineMs: readersMoveWithinMs };
    return waitUntil(async () => (await stuck()) === 0, options).then(() => 0, stuck);
  }

  #result(verdict: Verdict, kills: number, stuckReaders: number, finished: boolean): ChaosResult {
    const { input, output, lost, duplicated, wrongWindows } = verdict;
    const right = lost + duplicated + wrongWindows + stuckReaders === 0;
    return {
      seed: this.#options.seed,
      kills,
      input,
      output,
      lost,
      duplicated,
      wrongWindows,
      recoverySecondsMax: Number(this.#recoverySecondsMax.toFixed(2)),
      stuckReaders,
      passed: right && finished && input > 0 && output > 0,
    };
  }
}
