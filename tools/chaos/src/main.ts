// npm run chaos: kills processes of a cluster under load and proves that nothing is lost and nothing comes twice.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDurationMs } from '@weir/kernel/durations.ts';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import { failpointSteps } from '@weir/kernel/failpoints.ts';
import { killAllGroups } from '@weir/tool-stack/process-group.ts';
import { startChaosServers } from './chaos-servers.ts';
import { faultNames } from './faults/all-faults.ts';
import { findCommittedReader } from './find-committed-reader.ts';
import { ChaosRun } from './run-chaos.ts';
import type { ChaosResult } from './run-chaos.ts';

const usage = `npm run chaos -- [--kills 20] [--seed S] [--json] [--only NAME,…] [--duration 60s] [--workers 2] [--controllers 2] [--rate 3000]
  Kills and freezes workers, controllers, all of them, at random and at named steps of the protocol, restarts NATS empty, pauses and restarts Kafka,
  cuts and delays connections to them (where there is a Toxiproxy, or Go to build it), while a pipeline runs exactly once from topic to topic; then compares what it wrote with what the committed input asks for. Exit code 0 only if nothing is lost, twice or wrong.
  --kills N       how many times (default 20)
  --seed S        the same seed makes the same choices (default: drawn)
  --json          the result as one line of JSON, the last one
  --duration D    the input flows at least this long
  --workers N     worker processes (default 2)
  --controllers N controllers (default 2)
  --only NAME,…   these faults alone
  --list          the faults, and the steps at which processes are killed and frozen
  --rate N        records written a second, of which a sixth is aborted (default 3000)
  --keep          keep the folder with logs and store also when it passed`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string' },
      duration: { type: 'string' },
      workers: { type: 'string', default: '2' },
      controllers: { type: 'string', default: '2' },
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      rate: { type: 'string', default: '3000' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const number = (name: 'kills' | 'workers' | 'controllers' | 'rate' | 'seed', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least)
      throw new TypeError(`--${name} is '${values[name]}': a number from ${least}`);
    return value;
  };
  return {
    help: values.help,
    json: values.json,
    keep: values.keep,
    kills: number('kills', 0),
    list: values.list,
    workers: number('workers', 1),
    controllers: number('controllers', 1),
    ...(values.only === undefined ? {} : { faults: namedFaults(values.only) }),
    rate: number('rate', 1),
    seed: values.seed === undefined ? Math.floor(Math.random() * 1e9) : number('seed', 0),
    ...(values.duration === undefined ? {} : { durationMs: parseDurationMs(values.duration) }),
  };
}

function namedFaults(only: string): string[] {
  return only.split(',').map((name) => {
    if (faultNames.includes(name.trim())) return name.trim();
    throw new TypeError(`there is no fault '${name}'; faults are ${faultNames.join(', ')}`);
  });
}

function list(): void {
  console.log(`faults (--only):\n  ${faultNames.join('\n  ')}\n\nsteps of kill-at-step and freeze-at-step:`);
  for (const [name, what] of Object.entries(failpointSteps)) console.log(`  ${name.padEnd(24)}${what}`);
}

async function run(options: ReturnType<typeof readOptions>): Promise<ChaosResult> {
  const say = (line: string) => console.error(`chaos: ${line}`);
  const folder = mkdtempSync(join(tmpdir(), 'weir-chaos-'));
  const { dispose, ...servers } = await startChaosServers(say);
  let passed = false;
  try {
    const reader = await findCommittedReader(servers.bootstrap);
    say(
      `seed ${options.seed}, ${options.kills} kills; the judge reads with ${reader.name}; logs are in ${folder}`,
    );
    const result = await ChaosRun.run({
      ...options,
      ...servers,
      recordsPerSecond: options.rate,
      folder: join(folder, 'cluster'),
      reader,
      say,
    });
    passed = result.passed;
    return result;
  } finally {
    await dispose();
    if (passed && !options.keep) rmSync(folder, { recursive: true, force: true });
    else say(`logs and store are kept in ${folder}`);
  }
}

function tell(result: ChaosResult, json: boolean): void {
  if (json) return console.log(JSON.stringify(result));
  const { seed, kills, input, output, lost, duplicated, wrongWindows, stuckReaders } = result;
  console.log(
    `${result.passed ? 'passed' : 'FAILED'}: seed ${seed}, ${kills} kills, ${input} records in, ${output} out; ` +
      `lost ${lost}, duplicated ${duplicated}, wrong windows ${wrongWindows}, stuck readers ${stuckReaders}; ` +
      `slowest recovery ${result.recoverySecondsMax} s, median ${result.recoverySecondsMedian} s; ` +
      `${result.betweenDecisionAndCommit} between decision and commit; ${result.recordsPerSecond} records a second`,
  );
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    killAllGroups();
    process.exit(130);
  });
}
try {
  const options = readOptions();
  if (options.help) console.log(usage);
  else if (options.list) list();
  else {
    const result = await run(options);
    tell(result, options.json);
    process.exit(result.passed ? 0 : 1);
  }
} catch (error) {
  const badUsage = error instanceof TypeError || (error instanceof WeirError && error.code === 'WEIR-0002');
  console.error(badUsage ? `${(error as Error).message}\n\n${usage}` : describeError(error));
  process.exit(badUsage ? 2 : 1);
}
