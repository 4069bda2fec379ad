import { createPipeline } from '@weir/coordinator/api/create-pipeline.ts';
import { wishStop } from '@weir/coordinator/api/pipeline-wishes.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import type { JobStatus } from '@weir/coordinator/job/job-status.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { SimRandom } from '@weir/testkit/sim/sim-random.ts';
import { SimWorld } from '@weir/testkit/sim/sim-world.ts';
import { StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { ledgerProblems } from './check-ledger.ts';
import { isComplete, outputProblems } from './check-output.ts';
import { hangingProblems } from './check-transactions.ts';
import { ClusterHistory } from './cluster-history.ts';
import { clearUp, drawWeather, scheduleFaults } from './fault-schedule.ts';
import type { FaultScene } from './faults.ts';
import { SimCluster } from './sim-cluster.ts';
import { SimInput } from './sim-input.ts';
import { pipelineName, pipelineSql, rememberingCompiler, topics } from './sim-pipeline.ts';
import { StepTraps } from './step-traps.ts';

const compiler = rememberingCompiler();

/** Once the faults are over, all output is there after this time, and a stop has come to its end after as much again. */
const progressWithinMs = 60_000;
/** Readers aren't held back for longer than this once it runs again. */
const readersFreeWithinMs = 15_000;

export interface RunResult {
  readonly seed: string;
  /** What is wrong; none when the run is good. */
  readonly problems: readonly string[];
  readonly kinds: readonly string[];
  /** How it ended. */
  readonly outcome: 'stopped' | 'halted' | 'stuck';
  readonly generations: number;
  readonly epochs: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly records: number;
  /** From the end of the faults until all output was there. */
  readonly recoveredMs: number;
}

/** One simulated cluster from its start to its end. Everything follows from the seed. */
export async function runSimulation(seed: string, onTrace: (line: string) => void): Promise<RunResult> {
  const world = new SimWorld(seed);
  world.onTrace = onTrace;
  const run = new Simulation(world);
  return run.toItsEnd();
}

class Simulation {
  readonly #world: SimWorld;
  readonly #cluster: SimCluster;
  readonly #input: SimInput;
  readonly #history = new ClusterHistory();
  readonly #scene: FaultScene;
  readonly #problems: string[] = [];

  constructor(world: SimWorld) {
    this.#world = world;
    const cluster = new SimCluster(world, compiler);
    this.#cluster = cluster;
    const traps = new StepTraps();
    const { kafka, store } = cluster;
    this.#scene = { cluster, traps, random: new SimRandom(`${world.seed}/faults`) };
    this.#input = new SimInput(world, kafka);
    kafka.createTopic(topics.kept, 2);
    kafka.createTopic(topics.windows, 2);
    store.onWritten = (change) => {
      const entry = this.#history.note(change);
      if (entry !== undefined) {
        const e = 'e' in entry ? ` e ${entry.e}` : '';
        world.trace(change.by.name, `in the ledger: ${entry.kind} g ${entry.g}${e}`);
      }
      traps.written(change.by, change.key, entry);
    };
    kafka.onTaken = ({ by, api }) => traps.taken(by, api);
  }

  async toItsEnd(): Promise<RunResult> {
    const { random } = this.#scene;
    const world = this.#world;
    const cluster = this.#cluster;
    for (let i = 1; i <= (random.chance(0.5) ? 2 : 1); i += 1) cluster.add('controller', `c${i}`);
    for (let i = 1; i <= 2 + random.below(2); i += 1) cluster.add('worker', `w${i}`);
    await this.#create();
    const weather = drawWeather(this.#scene);
    const startMs = world.nowMs;
    const faultsUntilMs = startMs + weather.forMs;
    this.#input.start(faultsUntilMs + 500);
    scheduleFaults(this.#scene, weather, faultsUntilMs);
    await world.run(faultsUntilMs, () => false);
    clearUp(this.#scene);
    const clearMs = world.nowMs;
    const { kinds } = weather;
    const longest = kinds.includes('longOutage') ? progressWithinMs + 90_000 : progressWithinMs;
    const done = await world.run(
      clearMs + longest,
      () => world.steps % 32 === 0 && (this.#complete() || this.#halted()),
    );
    const recoveredMs = world.nowMs - clearMs;
    const outcome = await this.#outcome(done);
    return this.#result(outcome, kinds, recoveredMs);
  }

  async #create(): Promise<void> {
    const { kafka } = this.#cluster;
    const world = this.#world;
    await world.run(5000, () => this.#driving() !== null);
    this.#ask(async (coordinator) => {
      const sql = pipelineSql(kafka.bootstrap, '70s');
      const settings = {
        name: pipelineName,
        sql,
        parallelism: 2,
        checkpointInterval: '100ms',
        doNotStart: false,
      };
      const { diagnostics } = await createPipeline(coordinator, settings);
      for (const { code, message } of diagnostics) this.#problems.push(`${code} ${message}`);
    });
    await world.run(world.nowMs + this.#scene.random.between(50, 1500), () => false);
  }

  async #outcome(done: boolean): Promise<RunResult['outcome']> {
    const world = this.#world;
    if (this.#halted()) {
      await world.run(world.nowMs + readersFreeWithinMs, () => this.#hanging().length === 0);
      return 'halted';
    }
    if (!done) {
      this.#problems.push(`no progress: the output isn't complete, the status is ${this.#statusText()}`);
      return 'stuck';
    }
    const stopped = (): boolean => this.#statuses().some((status) => status.state === 'stopped');
    const limitMs = world.nowMs + progressWithinMs;
    while (!stopped() && world.nowMs < limitMs) {
      this.#ask((coordinator) => wishStop(coordinator, pipelineName, StopMode.STOP_MODE_CHECKPOINT));
      await world.run(Math.min(limitMs, world.nowMs + 5000), stopped);
    }
    if (this.#halted()) return 'halted';
    if (!stopped()) this.#problems.push(`it doesn't stop: the status is ${this.#statusText()}`);
    await world.run(world.nowMs + readersFreeWithinMs, () => this.#hanging().length === 0);
    return stopped() ? 'stopped' : 'stuck';
  }

  #result(outcome: RunResult['outcome'], kinds: readonly string[], recoveredMs: number): RunResult {
    const { kafka, uncaught } = this.#cluster;
    const world = this.#world;
    const entries = this.#history.inOrder();
    const expected = this.#input.expected();
    const output = outputProblems(kafka, expected);
    this.#problems.push(
      ...uncaught,
      ...ledgerProblems(entries, kafka),
      // What a torn epoch lacks is lost until a person has resolved it; nothing comes twice all the same.
      ...(outcome === 'halted' ? output.filter((problem) => !/: (lost:|and )/.test(problem)) : output),
      ...this.#hanging(),
    );
    return {
      seed: world.seed,
      problems: this.#problems,
      kinds,
      outcome,
      generations: entries.filter(({ kind }) => kind === 'Generation').length,
      epochs: entries.filter(({ kind }) => kind === 'Epoch').length,
      steps: world.steps,
      virtualMs: Math.round(world.nowMs),
      records: expected.kept.size + expected.windows.size,
      recoveredMs: Math.round(recoveredMs),
    };
  }

  #hanging(): string[] {
    return hangingProblems(this.#cluster.kafka);
  }

  #complete(): boolean {
    return this.#input.ended && isComplete(this.#cluster.kafka, this.#input.expected());
  }

  #halted(): boolean {
    return this.#statuses().some(({ state }) => state === 'halted');
  }

  /** What the controllers that drive say. */
  #statuses(): JobStatus[] {
    return this.#cluster.of('controller').flatMap(({ process, coordinator }) => {
      const driver = coordinator?.driver(pipelineName);
      const status = driver?.status ?? null;
      return process.alive && driver?.isDriving === true && status !== null ? [status] : [];
    });
  }

  #statusText(): string {
    return this.#statuses()
      .map(
        ({ state, generation, epoch, problem }) =>
          `${state} g ${generation} e ${epoch} ${problem?.message ?? ''}`,
      )
      .join('; ');
  }

  #driving(): Coordinator | null {
    const able = this.#cluster.of('controller').filter(({ process }) => process.alive && !process.paused);
    return able.find(({ coordinator }) => coordinator !== null)?.coordinator ?? null;
  }

  /** A person's request to a controller that lives. */
  #ask(request: (coordinator: Coordinator) => Promise<unknown>): void {
    const coordinator = this.#driving();
    const member = this.#cluster.of('controller').find((each) => each.coordinator === coordinator);
    member?.process.dispatch(() => {
      if (coordinator === null) return;
      request(coordinator).catch((error: unknown) =>
        this.#world.trace(member.process.name, `refused: ${describeError(error)}`),
      );
    });
  }
}
