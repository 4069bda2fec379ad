import { createPipeline } from '@weir/coordinator/api/create-pipeline.ts';
import { wishResolve, wishStop } from '@weir/coordinator/api/pipeline-wishes.ts';
import { SimRandom } from '@weir/testkit/sim-random.ts';
import { SimWorld } from '@weir/testkit/sim-world.ts';
import { Resolution, StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { ledgerProblems } from './check-ledger.ts';
import { isComplete, outputProblems } from './check-output.ts';
import { snapshotProblems } from './check-snapshots.ts';
import { hangingProblems } from './check-transactions.ts';
import { ClusterHistory } from './cluster-history.ts';
import { clearUp, drawWeather, scheduleFaults } from './fault-schedule.ts';
import type { FaultScene } from './faults.ts';
import { GoBack } from './go-back.ts';
import { SimCluster } from './sim-cluster.ts';
import { SimInput } from './sim-input.ts';
import { veryLateMs } from './sim-schemas.ts';
import { SimPerson } from './sim-person.ts';
import { outputTopics, pipelineName, pipelineSql, rememberingCompiler } from './sim-pipeline.ts';
import { StepTraps } from './step-traps.ts';

const compiler = rememberingCompiler();

/** Once the faults are over, all output is there after this time, and a stop has come to its end after as much again. */
const progressWithinMs = 60_000;
/** Readers aren't held back for longer than this once it runs again. */
const readersFreeWithinMs = 15_000;
/** What was held up by a torn epoch is there after this time. */
const afterResolutionMs = 10_000;

export interface RunResult {
  readonly seed: string;
  /** What is wrong; none when the run is good. */
  readonly problems: readonly string[];
  readonly kinds: readonly string[];
  /** How it ended. */
  readonly outcome: 'stopped' | 'resolved as committed' | 'resolved as abandoned' | 'stuck';
  readonly generations: number;
  readonly epochs: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly records: number;
  /** From the end of the faults until all output was there. */
  readonly recoveredMs: number;
}

/** A torn epoch that counts as committed lacks what the broker took back; as abandoned, what was committed comes again. */
const allowedAfter: Readonly<Record<RunResult['outcome'], RegExp>> = {
  stopped: /^$/,
  stuck: /^$/,
  'resolved as committed': /: (lost:|and )/,
  'resolved as abandoned': /: (twice:|\d+ times:|and )/,
};

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
  readonly #person: SimPerson;
  readonly #goBack: GoBack;
  readonly #problems: string[] = [];
  #stopping = false;

  constructor(world: SimWorld) {
    this.#world = world;
    const cluster = new SimCluster(world, compiler);
    this.#cluster = cluster;
    const traps = new StepTraps();
    const { kafka, store } = cluster;
    this.#person = new SimPerson(cluster);
    this.#goBack = new GoBack(world, this.#person);
    this.#scene = { cluster, person: this.#person, traps, random: new SimRandom(`${world.seed}/faults`) };
    this.#input = new SimInput(world, kafka, cluster.schemas);
    for (const topic of outputTopics) kafka.createTopic(topic, 2);
    store.onWritten = (change) => {
      const entry = this.#history.note(change);
      if (entry !== undefined) {
        const e = 'e' in entry ? ` e ${entry.e}` : '';
        world.trace(change.by.name, `in the ledger: ${entry.kind} g ${entry.g}${e}`);
      }
      traps.written(change.by, change.key, entry);
    };
    kafka.onTaken = ({ by, api }) => traps.taken(by, api);
    cluster.onStep = (by, point) => traps.came(by, point);
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
    this.#goBack.schedule(faultsUntilMs);
    await world.run(faultsUntilMs, () => false);
    clearUp(this.#scene);
    this.#startAgain();
    const clearMs = world.nowMs;
    const { kinds } = weather;
    const longest =
      progressWithinMs +
      (kinds.includes('longOutage') ? 90_000 : 0) +
      (this.#cluster.schemas.veryLate ? veryLateMs : 0);
    const done = await world.run(
      clearMs + longest,
      () => world.steps % 32 === 0 && (this.#complete() || this.#halted()),
    );
    const recoveredMs = world.nowMs - clearMs;
    const outcome = await this.#outcome(done);
    return this.#result(outcome, kinds, recoveredMs);
  }

  async #create(): Promise<void> {
    const { kafka, schemas } = this.#cluster;
    const world = this.#world;
    await world.run(5000, () => this.#person.canAsk);
    this.#person.ask(async (coordinator) => {
      const sql = pipelineSql(kafka.bootstrap, '70s', schemas.drawn ? 'avro' : 'json');
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

  /** Whoever wished a stop wants it to run in the end. */
  #startAgain(untilMs = this.#world.nowMs + progressWithinMs / 2): void {
    if (this.#world.nowMs > untilMs || this.#stopping) return;
    this.#person.startStopped();
    this.#world.after(2000, () => this.#startAgain(untilMs));
  }

  async #outcome(done: boolean): Promise<RunResult['outcome']> {
    if (this.#halted()) return this.#resolve();
    if (!done) {
      this.#problems.push(
        `no progress: the output isn't complete, the status is ${this.#person.statusText()}`,
      );
      return 'stuck';
    }
    return (await this.#stop()) ? 'stopped' : 'stuck';
  }

  /** A torn epoch: readers are free, and after a person's word it goes on. */
  async #resolve(): Promise<RunResult['outcome']> {
    const world = this.#world;
    await world.run(world.nowMs + readersFreeWithinMs, () => this.#hanging().length === 0);
    this.#problems.push(...this.#hanging());
    const isCommitted = this.#scene.random.chance(0.5);
    const resolution = isCommitted ? Resolution.RESOLUTION_COMMITTED : Resolution.RESOLUTION_ABANDONED;
    const limitMs = world.nowMs + progressWithinMs;
    while (this.#halted() && world.nowMs < limitMs) {
      this.#person.ask((coordinator) => wishResolve(coordinator, pipelineName, resolution));
      await world.run(world.nowMs + 5000, () => !this.#halted());
    }
    await world.run(world.nowMs + afterResolutionMs, () => false);
    if (!(await this.#stop())) return 'stuck';
    return isCommitted ? 'resolved as committed' : 'resolved as abandoned';
  }

  async #stop(): Promise<boolean> {
    const world = this.#world;
    this.#stopping = true;
    const stopped = (): boolean => this.#person.sees('stopped');
    const limitMs = world.nowMs + progressWithinMs;
    while (!stopped() && world.nowMs < limitMs) {
      this.#person.ask((coordinator) => wishStop(coordinator, pipelineName, StopMode.STOP_MODE_CHECKPOINT));
      await world.run(Math.min(limitMs, world.nowMs + 5000), stopped);
    }
    if (!stopped()) this.#problems.push(`it doesn't stop: the status is ${this.#person.statusText()}`);
    await world.run(world.nowMs + readersFreeWithinMs, () => this.#hanging().length === 0);
    return stopped();
  }

  #result(outcome: RunResult['outcome'], kinds: readonly string[], recoveredMs: number): RunResult {
    const { kafka, uncaught } = this.#cluster;
    const world = this.#world;
    const entries = this.#history.inOrder();
    const expected = this.#input.expected();
    const wentBack = entries.filter((entry) => entry.kind === 'Epoch' && entry.restored !== undefined).length;
    const output = outputProblems(kafka, expected, 1 + wentBack);
    this.#problems.push(
      ...uncaught,
      ...ledgerProblems(entries, kafka),
      ...snapshotProblems(entries, this.#cluster.store.objects),
      ...output.filter((problem) => !allowedAfter[outcome].test(problem)),
      ...this.#hanging(),
    );
    return {
      seed: world.seed,
      problems: this.#problems,
      kinds: [
        ...kinds,
        ...(wentBack > 0 ? ['goBack'] : []),
        ...(this.#cluster.schemas.drawn ? ['lateSchemas'] : []),
      ],
      outcome,
      generations: entries.filter(({ kind }) => kind === 'Generation').length,
      epochs: entries.filter(({ kind }) => kind === 'Epoch').length,
      steps: world.steps,
      virtualMs: Math.round(world.nowMs),
      records: expected.kept.size + expected.windows.size + expected.dead.size,
      recoveredMs: Math.round(recoveredMs),
    };
  }

  #hanging(): string[] {
    return hangingProblems(this.#cluster.kafka);
  }

  #complete(): boolean {
    return this.#input.ended && isComplete(this.#cluster.kafka, this.#input.expected(), this.#goBack.drawn);
  }

  #halted(): boolean {
    return this.#person.sees('halted');
  }
}
