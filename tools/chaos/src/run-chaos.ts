import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fetchGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import { ClusterClient, endedBadly, stateName } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { chaosSql, makeChaosTopics, partitions } from './chaos-pipeline.ts';
import type { ChaosTopics } from './chaos-pipeline.ts';
import type { CommittedReader } from './committed-reader.ts';
import { FaultSequence } from './fault-sequence.ts';
import { ArmedStep } from './faults/armed-step.ts';
import type { FaultServers } from './faults/fault.ts';
import { InputWriter } from './input-writer.ts';
import { judge } from './judge.ts';
import type { Verdict } from './judge.ts';
import { PipelineWatch } from './pipeline-watch.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { stuckReaders } from './stuck-readers.ts';

export interface ChaosOptions {
  readonly bootstrap: string;
  /** Kafka's address for the pipeline, where it is another one: a proxy's. */
  readonly pipelineBootstrap?: string;
  readonly natsUrl: string;
  /** For logs and the store. */
  readonly folder: string;
  readonly reader: CommittedReader;
  readonly seed: number;
  readonly kills: number;
  /** The input flows at least this long. */
  readonly durationMs?: number;
  readonly workers?: number;
  readonly controllers?: number;
  readonly recordsPerSecond?: number;
  readonly checkpointInterval?: string;
  /** Names of the faults to choose from; all without it. */
  readonly faults?: readonly string[];
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
  /** Of the output: records that can't be read, kept. */
  readonly deadLetters: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly wrongWindows: number;
  readonly recoverySecondsMax: number;
  /** Partitions that held readers back for more than 5 s, after each recovery and in the end. */
  readonly stuckReaders: number;
  readonly recoverySecondsMedian: number;
  /** Faults that struck while an epoch was decided and not wholly committed, as far as that is known for certain. */
  readonly betweenDecisionAndCommit: number;
  /** Committed input records. */
  readonly recordsPerSecond: number;
  readonly passed: boolean;
}

const pipeline = 'chaos';

interface ChaosParts {
  readonly cluster: WeirCluster;
  readonly kafka: KafkaCluster;
  /** One for each controller; the first is asked for what a person asks for. */
  readonly clients: readonly ClusterClient[];
  readonly topics: ChaosTopics;
  readonly groupId: string;
  readonly steps: ArmedStep;
}

/** Lets faults happen to a pipeline under load, and judges what it wrote. */
export class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #parts: ChaosParts;
  readonly #client: ClusterClient;

  private constructor(options: ChaosOptions, parts: ChaosParts) {
    this.#options = options;
    this.#parts = parts;
    this.#client = present(parts.clients[0], 'a client of the first controller');
  }

  static async run(options: ChaosOptions): Promise<ChaosResult> {
    const { bootstrap, natsUrl, folder, workers = 2, controllers = 2 } = options;
    const run = `chaos-${options.seed}-${process.pid}-${Date.now().toString(36)}`;
    const kafka = await KafkaCluster.open({ bootstrapServers: bootstrap.split(','), clientId: run });
    try {
      const topics = await makeChaosTopics(kafka, run);
      const armed = join(folder, 'failpoint');
      const environment = { WEIR_FAILPOINTS: `@${armed}` };
      const cluster = await WeirCluster.start({
        ...{ folder, cluster: run, natsUrl, workers, controllers, environment },
      });
      const clients = cluster.controllers.map(({ addresses }) => new ClusterClient(addresses.address));
      const steps = new ArmedStep(armed);
      try {
        return await new ChaosRun(options, { cluster, kafka, clients, topics, groupId: run, steps }).#run();
      } finally {
        for (const client of clients) client.close();
        await cluster.kill();
      }
    } finally {
      await kafka.close();
    }
  }

  async #run(): Promise<ChaosResult> {
    const { bootstrap, pipelineBootstrap = bootstrap, seed, say } = this.#options;
    const { recordsPerSecond = 3000, checkpointInterval = '250ms' } = this.#options;
    const { kafka, topics, groupId, clients } = this.#parts;
    await this.#client.create({
      name: pipeline,
      sql: chaosSql(pipelineBootstrap, topics, groupId),
      parallelism: 2,
      checkpointInterval,
    });
    const startMs = performance.now();
    const writing = { topic: topics.input, seed, perSecond: recordsPerSecond, say };
    const input = await InputWriter.start(kafka, writing);
    const watch = new PipelineWatch(clients, pipeline);
    const faults = this.#faults(watch);
    try {
      await watch.untilNextEpoch();
      await faults.run(this.#options.kills);
    } finally {
      await watch.stop();
    }
    const leftMs = (this.#options.durationMs ?? 0) - (performance.now() - startMs);
    if (leftMs > 0) await pause(leftMs);
    const rate = Math.round(input.rate);
    await input.stop();
    say(`input ended: ${input.committed} records committed, ${rate} a second`);
    if (rate < 2000) say('warning: fewer than 2,000 records a second; this machine is slow or busy');
    const finished = await this.#untilAllIsProcessed();
    const stuck = faults.stuckReaders + (await this.#stuckReaders());
    const verdict = await judge(this.#options.reader, topics);
    for (const example of verdict.examples) say(`wrong: ${example}`);
    return this.#result(verdict, faults, { stuckReaders: stuck, finished, recordsPerSecond: rate });
  }

  #faults(watch: PipelineWatch): FaultSequence {
    const { seed, faults, servers = {}, say } = this.#options;
    const { cluster, steps } = this.#parts;
    const client = this.#client;
    const wishes = {
      stop: () => client.stop(pipeline),
      startAgain: async () => {
        await client.untilState(pipeline, 'stopped');
        await client.start(pipeline);
      },
    };
    const stuckReaders = () => this.#stuckReaders();
    const scene = {
      rng: new SeededRandom(seed),
      cluster,
      client,
      watch,
      steps,
      wishes,
      servers,
      stuckReaders,
      say,
    };
    return new FaultSequence(scene, faults);
  }

  #stuckReaders(): Promise<number> {
    const { kafka, topics } = this.#parts;
    return stuckReaders(kafka, [topics.kept, topics.windows, topics.dead]);
  }

  /** The group's offsets follow each committed epoch: once they are at the ends of the input, its output is committed. */
  async #untilAllIsProcessed(): Promise<boolean> {
    const { kafka, topics, groupId } = this.#parts;
    const all = Array.from({ length: partitions }, (_, partition) => ({ topic: topics.input, partition }));
    let failed: WeirError | undefined;
    try {
      await waitUntil(
        async () => {
          failed = endedBadly(await this.#client.get(pipeline));
          const ends = await kafka.fetchOffsets(all, 'latest', 'read_committed');
          const reached = await fetchGroupOffsets(kafka, groupId, all);
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

  #result(
    verdict: Verdict,
    faults: FaultSequence,
    ended: { stuckReaders: number; finished: boolean; recordsPerSecond: number },
  ): ChaosResult {
    const { input, output, deadLetters, lost, duplicated, wrongWindows } = verdict;
    const { stuckReaders: stuck, finished, recordsPerSecond } = ended;
    const right = lost + duplicated + wrongWindows + stuck === 0;
    const seconds = faults.recoverySeconds.toSorted((a, b) => a - b);
    return {
      seed: this.#options.seed,
      kills: seconds.length,
      input,
      output,
      deadLetters,
      lost,
      duplicated,
      wrongWindows,
      recoverySecondsMax: rounded(seconds.at(-1)),
      recoverySecondsMedian: rounded(seconds[seconds.length >> 1]),
      stuckReaders: stuck,
      betweenDecisionAndCommit: faults.betweenDecisionAndCommit,
      recordsPerSecond,
      passed: right && finished && input > 0 && output > 0 && deadLetters > 0,
    };
  }
}

function rounded(seconds = 0): number {
  return Number(seconds.toFixed(2));
}
