import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { inRoom, round } from './bench-setting.ts';
import type { BenchSetting, CaseRoom } from './bench-setting.ts';
import { clusterCpuSeconds, CostSampler, cpuSecondsAt, timeMsAt } from './cost-samples.ts';
import { countRecords } from './count-records.ts';
import { peakRssMiBOf } from './process-cost.ts';
import { pipelineSql, queries } from './queries.ts';
import type { SinkKind } from './queries.ts';

export interface ThroughputCase {
  readonly name: string;
  readonly query: string;
  readonly sink: SinkKind;
  readonly workers?: number;
  readonly checkpointInterval?: string;
  readonly compression?: string;
}

export interface ThroughputFigures {
  readonly name: string;
  readonly records: number;
  /** User and system, of all of Weir's processes, from the first record fetched to the last one committed. */
  readonly cpuSecondsPerMillion: number;
  /** The first 40 % of the input left out. */
  readonly steadyCpuSecondsPerMillion: number;
  readonly recordsPerCpuSecond: number;
  readonly wallSeconds: number;
  /** Records read a second of wall time, the first 40 % left out: with all that runs beside on the machine, the broker not least. */
  readonly steadyRecordsPerSecond: number;
  /** Of the largest worker. */
  readonly peakRssMiB: number;
  /** Committed in the output topic, counted there; null for a blackhole. */
  readonly outputRecords: number | null;
}

const warmUpShare = 0.4;
const pipeline = 'bench';
const finishLimitMs = 15 * 60_000;

/**
 * Runs a pipeline over the whole input topic in processes of its own, and tells what it cost.
 * @throws WeirError WEIR-9101 when records are missing in the output
 */
export async function runThroughputCase(
  setting: BenchSetting,
  given: ThroughputCase,
): Promise<ThroughputFigures> {
  const topics = given.sink === 'blackhole' ? 0 : 1;
  return await inRoom(setting, { workers: given.workers ?? 1, topics }, async (room) => {
    const figures = await measure(room, given);
    const [topic] = room.topics;
    const outputRecords = topic === undefined ? null : await countRecords(room.kafka, topic);
    const expected = present(queries[given.query], 'query of a case').keepsAll === true;
    if (outputRecords !== null && expected && outputRecords !== figures.records) {
      throw new WeirError(
        'WEIR-9101',
        `case ${given.name} read ${figures.records} records and committed ${outputRecords}`,
      );
    }
    return { ...figures, outputRecords };
  });
}

async function measure(
  room: CaseRoom,
  given: ThroughputCase,
): Promise<Omit<ThroughputFigures, 'outputRecords'>> {
  const { cluster, setting } = room;
  const sampler = new CostSampler(cluster);
  const finished = await runToEnd(room, given).finally(() => sampler.end());
  const endMs = performance.now();
  const endCpu = clusterCpuSeconds(cluster);
  const samples = await sampler.all();
  const records = finished.operators
    .filter(({ kind }) => kind === 'source')
    .reduce((total, { recordsOut }) => total + Number(recordsOut), 0);
  const first = samples.findIndex((sample) => sample.records > 0) - 1;
  if (records < setting.records && !setting.topicIsGiven) {
    throw new WeirError('WEIR-9101', `case ${given.name} read ${records} records of ${setting.records}`);
  }
  const begin = present(samples[Math.max(0, first)], 'a sample from before the first record');
  const cpuSeconds = endCpu - begin.cpuSeconds;
  const warm = cpuSecondsAt(samples, records * warmUpShare);
  return {
    name: given.name,
    records,
    cpuSecondsPerMillion: round((cpuSeconds / records) * 1e6, 3),
    steadyCpuSecondsPerMillion: round(((endCpu - warm) / (records * (1 - warmUpShare))) * 1e6, 3),
    recordsPerCpuSecond: Math.round(records / cpuSeconds),
    wallSeconds: round((endMs - begin.atMs) / 1000, 2),
    steadyRecordsPerSecond: Math.round(
      (records * (1 - warmUpShare) * 1000) /
        (timeMsAt(samples, records) - timeMsAt(samples, records * warmUpShare)),
    ),
    peakRssMiB: Math.round(Math.max(...cluster.workers.map(({ pid }) => peakRssMiBOf(pid)))),
  };
}

async function runToEnd(room: CaseRoom, given: ThroughputCase): Promise<Pipeline> {
  await room.client.create({
    name: pipeline,
    sql: sqlOf(room, given),
    parallelism: given.workers ?? 1,
    checkpointInterval: given.checkpointInterval ?? '1s',
  });
  return await room.client.untilState(pipeline, 'finished', finishLimitMs);
}

function sqlOf({ setting, topics }: CaseRoom, given: ThroughputCase): string {
  return pipelineSql({
    query: present(queries[given.query], `query ${given.query}`),
    bootstrap: setting.bootstrap,
    inputTopic: setting.inputTopic,
    bounded: true,
    sink: given.sink,
    outputTopic: topics[0] ?? '',
    ...(given.compression === undefined ? {} : { compression: given.compression }),
  });
}
