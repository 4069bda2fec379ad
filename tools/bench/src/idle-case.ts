import { setTimeout as pause } from 'node:timers/promises';
import { present } from '@weir/kernel/assert.ts';
import { inRoom, round } from './bench-setting.ts';
import type { BenchSetting } from './bench-setting.ts';
import { cpuSecondsOf, rssMiBOf } from './process-cost.ts';
import { pipelineSql, queries } from './queries.ts';

export interface IdleFigures {
  readonly name: string;
  readonly wallSeconds: number;
  readonly processes: readonly {
    readonly name: string;
    /** Of one core. */
    readonly cpuPercent: number;
    readonly rssMiB: number;
  }[];
}

const pipeline = 'bench';
const settleMs = 5000;
const watchedMs = 30_000;

/** A running pipeline, exactly once with an epoch a second at most, whose topic gets nothing. */
export async function runIdleCase(setting: BenchSetting): Promise<IdleFigures> {
  return await inRoom(setting, { workers: 1, topics: 2 }, async ({ client, cluster, topics }) => {
    const [inputTopic = '', outputTopic = ''] = topics;
    const query = present(queries['q0'], 'query q0');
    const { bootstrap } = setting;
    await client.create({
      name: pipeline,
      sql: pipelineSql({ query, bootstrap, inputTopic, bounded: false, sink: 'exactly-once', outputTopic }),
      parallelism: 1,
      checkpointInterval: '1s',
    });
    await client.untilState(pipeline, 'running');
    await pause(settleMs);
    const before = cluster.processes.map(({ pid }) => cpuSecondsOf(pid));
    await pause(watchedMs);
    const processes = cluster.processes.map(({ name, pid }, index) => ({
      name,
      cpuPercent: round(((cpuSecondsOf(pid) - (before[index] ?? 0)) / (watchedMs / 1000)) * 100, 2),
      rssMiB: Math.round(rssMiBOf(pid)),
    }));
    await client.stop(pipeline, 'immediate');
    return { name: 'idle', wallSeconds: watchedMs / 1000, processes };
  });
}
