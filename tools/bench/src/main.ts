// npm run bench: what Weir costs, case by case, on this machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import { killAllGroups } from '@weir/tool-stack/process-group.ts';
import { startStack } from '@weir/tool-stack/stack.ts';
import { stopOnSignals } from '@weir/tool-stack/stop-on-signals.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { BenchSetting } from './bench-setting.ts';
import { cases } from './cases.ts';
import type { BenchCase, Figures } from './cases.ts';
import { fillBids, recordsIn } from './fill-bids.ts';
import { runPeer } from './peer-case.ts';
import type { ThroughputFigures } from './throughput-case.ts';

const usage = `npm run bench -- [--json] [--only NAME,…] [--records N] [--peer DIR] [--bootstrap HOST:PORT --topic T] [--folder DIR]
  Starts Kafka, NATS and Weir's processes, fills a topic with Nexmark bids, and measures CPU seconds per million records.
  --json              a line of JSON a case, in place of a table
  --only NAME,…       these cases: ${cases.map(({ name }) => name).join(', ')}
  --records N         how many bids (default 5000000)
  --peer DIR          run the harness in that folder on the same topic after each case, and print both and the ratio
  --bootstrap, --topic  a Kafka that runs already, and a topic there that is filled already (left as it is)
  --folder DIR        keep the servers' data there: a later run finds the topic filled (default: a temporary folder)
  --cpu-prof DIR      leave CPU profiles of the workers there: node tools/bench/src/profile-summary.ts FILE`;

interface Options {
  readonly json: boolean;
  readonly chosen: readonly BenchCase[];
  readonly records: number;
  readonly peer: string | undefined;
  readonly topic: string | undefined;
  readonly folder: string | undefined;
  readonly profiles: string | undefined;
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
      records: { type: 'string', default: '5000000' },
      peer: { type: 'string' },
      bootstrap: { type: 'string' },
      topic: { type: 'string' },
      folder: { type: 'string' },
      'cpu-prof': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const records = Number(values.records);
  if (!Number.isSafeInteger(records) || records < 1000) {
    throw new WeirError('WEIR-9105', `--records is '${values.records}'`, { hint: 'a number from 1000 on' });
  }
  if ((values.bootstrap === undefined) !== (values.topic === undefined)) {
    throw new WeirError('WEIR-9105', '--bootstrap and --topic go together');
  }
  if (values.bootstrap !== undefined) process.env['WEIR_KAFKA_BOOTSTRAP'] = values.bootstrap;
  return {
    json: values.json,
    chosen: chosenCases(values.only),
    records,
    peer: values.peer === undefined ? undefined : resolve(values.peer),
    topic: values.topic,
    folder: values.folder,
    profiles: values['cpu-prof'] === undefined ? undefined : resolve(values['cpu-prof']),
  };
}

function chosenCases(only: string | undefined): readonly BenchCase[] {
  if (only === undefined) return cases;
  return only.split(',').map((name) => {
    const found = cases.find((one) => one.name === name.trim());
    if (found !== undefined) return found;
    throw new WeirError('WEIR-9105', `there is no case '${name}'`, {
      hint: `cases are ${cases.map((one) => one.name).join(', ')}`,
    });
  });
}

async function bench(options: Options): Promise<void> {
  const { requested } = stopOnSignals();
  const say = (line: string) => process.stderr.write(`bench: ${line}\n`);
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'weir-bench-')));
  const stack = await startStack({ folder, say });
  try {
    const bootstrap = stack.kafka.address;
    const inputTopic = options.topic ?? `bids-${options.records}`;
    const setting: BenchSetting = {
      bootstrap,
      natsUrl: stack.nats.address,
      folder,
      inputTopic,
      records: options.records,
      topicIsGiven: options.topic !== undefined,
      workerNodeOptions:
        options.profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', options.profiles],
      say,
    };
    if (options.chosen.some(({ needsInput }) => needsInput)) await prepareInput(setting, options);
    const interrupted = await Promise.race([runCases(setting, options), requested]);
    if (interrupted !== undefined) process.exitCode = 130;
  } finally {
    await stack.stop();
    killAllGroups(); // of a case that was interrupted
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function prepareInput(setting: BenchSetting, options: Options): Promise<void> {
  const { bootstrap, inputTopic, records, say } = setting;
  if (options.topic === undefined) return await fillBids(bootstrap, inputTopic, records, say);
  const kafka = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'weir-bench' });
  say(`${inputTopic} holds ${(await recordsIn(kafka, inputTopic)).toLocaleString('en')} records`);
  await kafka.close();
}

async function runCases(setting: BenchSetting, options: Options): Promise<void> {
  for (const one of options.chosen) {
    const figures = await one.run(setting);
    print(options, figures);
    if (options.peer === undefined || one.throughput === undefined) continue;
    print(
      options,
      await runPeer(setting, options.peer, one.throughput, figures as Figures & ThroughputFigures),
    );
  }
}

function print({ json }: Options, figures: Figures): void {
  if (json) return console.log(JSON.stringify(figures));
  const { name, ...rest } = figures;
  const text = Object.entries(rest)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  console.log(`${name.padEnd(24)} ${text.join(', ')}`);
}

try {
  const options = readOptions();
  if (options === undefined) console.log(usage);
  else {
    if (!options.json)
      console.log(`${cpus().length} x ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}`);
    await bench(options);
    if (process.exitCode === 130) process.exit();
  }
} catch (error) {
  console.error(describeError(error));
  if (error instanceof WeirError && error.hint !== undefined) console.error(`hint: ${error.hint}`);
  process.exitCode = error instanceof WeirError && error.code === 'WEIR-9105' ? 2 : 1;
}
