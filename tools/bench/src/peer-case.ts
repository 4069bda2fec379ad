import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';
import { runCommand } from '@weir/tool-stack/run-command.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { round } from './bench-setting.ts';
import type { BenchSetting } from './bench-setting.ts';
import type { ThroughputCase, ThroughputFigures } from './throughput-case.ts';

export interface PeerFigures {
  readonly name: string;
  readonly cpuSecondsPerMillion: number;
  readonly steadyCpuSecondsPerMillion: number;
  /** How many times Weir's CPU seconds the peer takes, steady and with warm-up. */
  readonly steadyRatio: number;
  readonly ratio: number;
}

const limitMs = 30 * 60_000;
const sinks = { 'exactly-once': 'eo', 'at-least-once': 'alo', blackhole: 'blackhole' } as const;
let runs = 0;

/** Has the peer do the same on the same topic: `DIR/peer DIR/sql/QUERY.sql …`, whose last line of output is JSON. */
export async function runPeer(
  setting: BenchSetting,
  folder: string,
  given: ThroughputCase,
  weir: ThroughputFigures,
): Promise<PeerFigures> {
  const program = join(folder, 'peer');
  if (!existsSync(program)) {
    throw new WeirError('WEIR-9103', `there is no program 'peer' in ${folder}`, {
      hint: '--peer names the folder of a harness that takes an SQL file and prints a line of JSON',
    });
  }
  runs += 1;
  const out = `bench-peer-${process.pid}-${runs}`;
  const kafka = await KafkaCluster.open({
    bootstrapServers: setting.bootstrap.split(','),
    clientId: 'weir-bench',
  });
  try {
    await createTopics(kafka, [{ topic: out, partitions: 4 }]);
    const args = [
      join(folder, 'sql', `${given.query}.sql`),
      ...['--sink', sinks[given.sink], '--parallelism', String(given.workers ?? 1)],
      ...['--checkpoint', given.checkpointInterval === '100ms' ? '100' : '1000', '--state', 'hashmap'],
    ];
    const env = { BOOTSTRAP: setting.bootstrap, BIDS: setting.inputTopic, OUT: out };
    const { ok, stdout, stderr } = await runCommand(program, args, { env, deadlineMs: limitMs });
    const line = stdout.trimEnd().split('\n').at(-1) ?? '';
    if (!ok || !line.startsWith('{')) {
      throw new WeirError('WEIR-9104', `the peer failed: ${stderr.trim().split('\n').at(-1) ?? ''}`, {
        hint: `see what it needs: ${join(folder, 'README.md')}`,
      });
    }
    return figuresOf(given.name, line, weir);
  } finally {
    await deleteTopics(kafka, [out]);
    await kafka.close();
  }
}

function figuresOf(name: string, line: string, weir: ThroughputFigures): PeerFigures {
  const { cpuPerM, steadyCpuPerM } = JSON.parse(line) as Record<string, number | undefined>;
  const all = cpuPerM ?? Number.NaN;
  const steady = steadyCpuPerM ?? Number.NaN;
  return {
    name: `peer-${name}`,
    cpuSecondsPerMillion: all,
    steadyCpuSecondsPerMillion: steady,
    steadyRatio: round(steady / weir.steadyCpuSecondsPerMillion, 2),
    ratio: round(all / weir.cpuSecondsPerMillion, 2),
  };
}
