import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { clusterCpuSeconds, CostSampler, cpuSecondsAt } from './cost-samples.ts';
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

/** Where cases run. */
export interface BenchSetting {
  readonly bootstrap: string;
  readonly natsUrl: string;
  readonly folder: string;
  readonly inputTopic: string;
  readonly records: number;
  /** Options of Node for workers, e.g. `--cpu-prof`. */
  readonly workerNodeOptions: readonly string[];
  readonly say: (line: string) => void;
}

export interface ThroughputFigures {
  readonly name: string;
  readonly records: number;
  readonly cpuSecondsPerMillion: number;
  /** The first 40 % of the input left out. */
  readonly steadyCpuSecondsPerMillion: number;
  readonly recordsPerCpuSecond: number;
  readonly wallSeconds: number;
  /** Of the largest worker. */
  readonly peakRssMiB: number;
  readonly outputRecords: number;
}

const warmUpShare = 0.4;
const pipeline = 'bench';
const finishLimitMs = 15 * 60_000;
let started = 0;

/** Runs a pipeline over the whole input topic in processes of its own, and tells what it cost. */
export async function runThroughputCase(setting: BenchSetting, given: ThroughputCase): Promise<ThroughputFigures> {
  const { bootstrap } = setting;
  started += 1;
  const outputTopic = `bench-out-${process.pid}-${started}`;
  const kafka = await KafkaCluster.open({ bootstrapServers: bootstrap.split(','), clientId: 'weir-bench' });
  const needsTopic = given.sink !== 'blackhole';
  if (needsTopic) await createTopics(kafka, [{ topic: outputTopic, partitions: 4 }]);
  const folder = join(setting.folder, `cluster-${process.pid}-${started}`);
  const cluster = await WeirCluster.start({
    folder,
    natsUrl: setting.natsUrl,
    cluster: `bench-${process.pid}-${started}`,
    workers: given.workers ?? 1,
    workerNodeOptions: setting.workerNodeOptions,
  });
  const client = new ClusterClient(cluster.address);
  try {
    await client.create({
      name: pipeline,
      sql: pipelineSql({
        query: present(queries[given.query], `query ${given.query}`),
        bootstrap,
        inputTopic: setting.inputTopic,
        bounded: true,
        sink: given.sink,
        outputTopic,
        ...(given.compression === undefined ? {} : { compression: given.compression }),
      }),
      parallelism: given.workers ?? 1,
      checkpointInterval: given.checkpointInterval ?? '1s',
    });
    return await measure(setting, given, cluster, client);
  } finally {
    client.close();
    await cluster.stop();
    if (needsTopic) await deleteTopics(kafka, [outputTopic]);
    await kafka.close();
    if (setting.workerNodeOptions.length === 0) rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  setting: BenchSetting,
  given: ThroughputCase,
  cluster: WeirCluster,
  client: ClusterClient,
): Promise<ThroughputFigures> {
  const known = await client.until(pipeline, 'to have operators', ({ operators }) => operators.length > 0);
  const idsOf = (kind: string) =>
    new Set(known.operators.filter((operator) => operator.kind === kind).map(({ id }) => id));
  const sampler = new CostSampler(cluster, idsOf('source'));
  const finished = await client.untilState(pipeline, 'finished', finishLimitMs);
  const endMs = performance.now();
  const endCpu = clusterCpuSeconds(cluster);
  await sampler.stop();
  const { samples } = sampler;
  const sum = (kind: string, count: 'recordsIn' | 'recordsOut') =>
    finished.operators
      .filter((operator) => operator.kind === kind)
      .reduce((total, operator) => total + Number(operator[count]), 0);
  const records = Math.max(sum('source', 'recordsOut'), samples.at(-1)?.records ?? 0);
  if (records < setting.records) {
    throw new WeirError('WEIR-9101', `case ${given.name} read ${records} records of ${setting.records}`);
  }
  const first = Math.max(
    0,
    samples.findIndex((sample) => sample.records > 0) - 1,
  );
  const begin = present(samples[first], 'a sample from before the first record');
  const warm = cpuSecondsAt(samples, records * warmUpShare);
  const cpuSeconds = endCpu - begin.cpuSeconds;
  return {
    name: given.name,
    records,
    cpuSecondsPerMillion: round((cpuSeconds / records) * 1e6, 3),
    steadyCpuSecondsPerMillion: round(((endCpu - warm) / (records * (1 - warmUpShare))) * 1e6, 3),
    recordsPerCpuSecond: Math.round(records / cpuSeconds),
    wallSeconds: round((endMs - begin.atMs) / 1000, 2),
    peakRssMiB: Math.round(Math.max(...cluster.workers.map(({ pid }) => peakRssMiBOf(pid)))),
    outputRecords: sum('sink', 'recordsIn'),
  };
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
