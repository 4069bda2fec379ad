// npm start: a whole cluster on this machine with a pipeline that runs exactly once, until Ctrl-C.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseDurationMs } from '@weir/kernel/durations.ts';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { findLauncher } from '@weir/tool-stack/launchers.ts';
import { startStack } from '@weir/tool-stack/stack.ts';
import type { Stack } from '@weir/tool-stack/stack.ts';
import { stopOnSignals } from '@weir/tool-stack/stop-on-signals.ts';
import type { StopRequest } from '@weir/tool-stack/stop-on-signals.ts';
import { demo, makeTopics, runPipeline, stopPipeline, takeSample } from './demo.ts';
import { EventGenerator } from './event-generator.ts';
import { addressLines, sqlLines, tryLines } from './introduction.ts';
import { LiveLine } from './live-line.ts';
import { pickPorts } from './preferred-ports.ts';
import { Screen } from './screen.ts';
import { Steps } from './start-steps.ts';
import { supervise } from './supervise.ts';

const usage = `npm start -- [--fresh] [--duration 20s] [--workers 2] [--folder .weir]
  Starts Kafka, NATS, a controller, a schema-service and workers, and runs a pipeline from topic to topic exactly once.
  Ctrl-C stops it with a last checkpoint; the next start goes on from there.
  --fresh          forget what an earlier start left
  --duration 20s   stop by itself, this long after the first committed epoch
  --workers 2      how many worker processes
  --folder DIR     where data, logs and ports are kept (default .weir)`;

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Without a committed epoch for this long a start that should end by itself has failed. */
const firstEpochLimitMs = 120_000;

interface Options {
  readonly folder: string;
  readonly fresh: boolean;
  readonly workers: number;
  readonly durationMs: number | undefined;
}

class Demonstration {
  readonly #options: Options;
  readonly #signals: StopRequest;
  readonly #screen = new Screen();
  readonly #stopping = new AbortController();
  readonly #startMs = performance.now();
  #stack: Stack | undefined;
  #cluster: WeirCluster | undefined;
  #client: ClusterClient | undefined;
  #generator: EventGenerator | undefined;
  #pipelineRuns = false;

  constructor(options: Options, signals: StopRequest) {
    this.#options = options;
    this.#signals = signals;
    void signals.requested.then(() => this.#stopping.abort());
  }

  /** Throws what went wrong, after everything was stopped. */
  async run(): Promise<void> {
    try {
      const { client, cluster } = await this.#startAll();
      if (!this.#stopping.signal.aborted) await this.#runPipeline(client, cluster);
    } finally {
      await this.#stopAll();
    }
  }

  /** A Ctrl-C during the start is obeyed after the step that is under way. */
  #throwIfStopping(): void {
    if (this.#stopping.signal.aborted) throw new StoppedEarly();
  }

  async #startAll(): Promise<{ client: ClusterClient; cluster: WeirCluster }> {
    const { folder, fresh, workers } = this.#options;
    const say = (line: string) => this.#screen.line(`      ${line}`);
    const steps = new Steps(5, (line) => this.#screen.line(line));
    await steps.run(
      'packages',
      countPackages,
      (count) => `${count} npm packages, Node ${process.versions.node}`,
      setupSeconds(),
    );
    await steps.run(
      'programs',
      () => findPrograms(say),
      (found) => found,
    );
    this.#throwIfStopping();
    const stack = await steps.run(
      'servers',
      () => startStack({ folder, fresh, say }),
      ({ kafka, nats }) => `Kafka ${kafka.address}, NATS ${nats.address.replace('nats://', '')}`,
    );
    this.#stack = stack;
    if (fresh) rmSync(join(folder, 'cluster'), { recursive: true, force: true });
    this.#throwIfStopping();
    await steps.run(
      'topics',
      () => makeTopics(stack.kafka.address),
      (made) => `${demo.topics.join(', ')}${made.length === 0 ? ' (there already)' : ''}`,
    );
    this.#throwIfStopping();
    const ports = await pickPorts(join(folder, 'cluster'), { controller: 7070, 'schema-service': 7071 });
    const cluster = await steps.run(
      'processes',
      () =>
        WeirCluster.start({
          folder: join(folder, 'cluster'),
          natsUrl: stack.nats.address,
          workers,
          controllerListen: `127.0.0.1:${ports.controller}`,
          schemaServiceListen: `127.0.0.1:${ports['schema-service']}`,
          environment: stack.env,
        }),
      ({ address }) => `controller, schema-service, ${workers} workers; API at ${address}`,
    );
    this.#cluster = cluster;
    for (const line of addressLines(stack, cluster)) this.#screen.line(line.replace(`${root}`, ''));
    for (const child of cluster.processes) void supervise(child, this.#stopping.signal, say);
    this.#client = new ClusterClient(cluster.address);
    return { client: this.#client, cluster };
  }

  async #runPipeline(client: ClusterClient, cluster: WeirCluster): Promise<void> {
    this.#generator = await EventGenerator.start({
      bootstrap: this.#stack?.kafka.address ?? '',
      topic: demo.inputTopic,
      partitions: demo.partitions,
      perSecond: demo.eventsPerSecond,
    });
    for (const line of sqlLines()) this.#screen.line(line);
    const { goesOn, epoch } = await runPipeline(client);
    this.#pipelineRuns = true;
    const from = goesOn ? `, from epoch ${epoch} of the start before` : '';
    this.#screen.line(
      `${demo.eventsPerSecond.toLocaleString('en')} bids a second are written to '${demo.inputTopic}'; the pipeline runs exactly once${from}.`,
    );
    for (const line of tryLines(cluster)) this.#screen.line(line);
    this.#screen.line('Ctrl-C stops with a last checkpoint.\n');
    await this.#watch(client, epoch);
  }

  async #watch(client: ClusterClient, lastEpoch: number): Promise<void> {
    const startedMs = Date.now();
    const line = new LiveLine();
    let firstEpoch = false;
    while (!this.#stopping.signal.aborted) {
      const sample = await takeSample(client).catch(() => undefined);
      if (sample === undefined)
        this.#screen.live('the controller does not answer; the pipeline goes on without it');
      else {
        const first = !firstEpoch && sample.committedEpoch > lastEpoch;
        this.#screen.live(line.next(sample), first);
        if (first) {
          firstEpoch = true;
          this.#firstResults();
        }
        if (this.#options.durationMs !== undefined) throwIfHopeless(sample, firstEpoch, startedMs);
      }
      const { failure } = this.#generator ?? {};
      if (failure !== undefined)
        throw new WeirError('WEIR-9051', 'no more bids can be written', { cause: failure });
      await pause(250, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  #firstResults(): void {
    const seconds = ((performance.now() - this.#startMs) / 1000).toFixed(1);
    this.#screen.line(`first results committed ${seconds} s after the start`);
    const { durationMs } = this.#options;
    if (durationMs !== undefined)
      setTimeout(() => this.#signals.request('the time is over'), durationMs).unref();
  }

  /** From the outside in: no more events, a last checkpoint, workers, controller, schema-service, NATS, Kafka. */
  async #stopAll(): Promise<void> {
    this.#stopping.abort();
    this.#screen.endLive();
    const say = (line: string) => this.#screen.line(line);
    await this.#generator?.stop();
    if (this.#pipelineRuns && this.#client !== undefined) {
      say('stopping: the last checkpoint');
      await stopPipeline(this.#client, 15_000).then(
        (epoch) => say(`          epoch ${epoch} is committed`),
        (error: unknown) =>
          say(`          not taken: ${describeError(error)}; the next start goes on from the last epoch`),
      );
    }
    this.#client?.close();
    if (this.#cluster !== undefined) {
      say('          workers, controller, schema-service');
      await this.#cluster.stop();
    }
    if (this.#stack !== undefined) {
      say('          NATS, Kafka');
      await this.#stack.stop();
    }
    say(
      `stopped; topics, checkpoints and logs are in ${relative(process.cwd(), this.#options.folder) || '.'}`,
    );
  }
}

/** Not an error: somebody pressed Ctrl-C while the start was under way. */
class StoppedEarly extends Error {}

function throwIfHopeless(
  sample: { readonly state: string; readonly problem: string },
  firstEpoch: boolean,
  startedMs: number,
): void {
  const bad = sample.state === 'failed' || sample.state === 'halted';
  if (bad) throw new WeirError('WEIR-9052', `the pipeline is ${sample.state}: ${sample.problem}`);
  if (!firstEpoch && Date.now() - startedMs > firstEpochLimitMs) {
    const why = sample.problem === '' ? '' : `: ${sample.problem}`;
    throw new WeirError('WEIR-9053', `no epoch was committed within ${firstEpochLimitMs / 1000} s${why}`);
  }
}

/** How long tools/setup.mjs took, if it has just run. */
function setupSeconds(): number {
  try {
    const file = new URL('../../../node_modules/.cache/weir-setup.json', import.meta.url);
    const { seconds, endedAtMs } = JSON.parse(readFileSync(file, 'utf8')) as {
      seconds: number;
      endedAtMs: number;
    };
    return Date.now() - endedAtMs < 10_000 ? seconds : 0;
  } catch {
    return 0;
  }
}

async function countPackages(): Promise<number> {
  const names = readdirSync(join(root, 'node_modules'));
  return names.filter((name) => !name.startsWith('.')).length;
}

/** Looks for Kafka and NATS before they are started, so that a download shows as what it is. */
async function findPrograms(say: (line: string) => void): Promise<string> {
  const { WEIR_KAFKA_BOOTSTRAP: kafka, WEIR_NATS_URL: nats } = process.env;
  const found = await Promise.all([
    kafka ? 'Kafka: WEIR_KAFKA_BOOTSTRAP' : findLauncher('kafka', say).then(({ source }) => source),
    nats ? 'NATS: WEIR_NATS_URL' : findLauncher('nats', say).then(({ source }) => source),
  ]);
  return found.join('; ');
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', default: '.weir' },
      workers: { type: 'string', default: '2' },
      duration: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1)
    throw new TypeError(`--workers is '${values.workers}': a number from 1`);
  const durationMs = values.duration === undefined ? undefined : parseDurationMs(values.duration);
  return { folder: resolve(values.folder), fresh: values.fresh, workers, durationMs };
}

function badUsage(error: unknown): never {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exit(2);
}

function optionsOrExit(): Options | 'help' {
  try {
    return readOptions();
  } catch (error) {
    return badUsage(error);
  }
}

const options = optionsOrExit();
if (options === 'help') console.log(usage);
else {
  try {
    await new Demonstration(options, stopOnSignals()).run();
    process.exit(0);
  } catch (error) {
    if (error instanceof StoppedEarly) process.exit(0);
    console.error(describeError(error));
    if (error instanceof WeirError && error.hint !== undefined) console.error(`hint: ${error.hint}`);
    process.exit(1);
  }
}
