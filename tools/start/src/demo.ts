import { readFileSync } from 'node:fs';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { stateName } from '@weir/tool-cluster/cluster-client.ts';
import type { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import type { Sample } from './live-line.ts';

/** What runs in the demonstration: bids come in, the big ones and the totals of each auction go out. */
export const demo = {
  pipeline: 'auction',
  sql: readFileSync(new URL('../sql/auction.sql', import.meta.url), 'utf8'),
  inputTopic: 'bids',
  topics: ['bids', 'big-bids', 'auction-totals'],
  partitions: 4,
  eventsPerSecond: 2000,
} as const;

/** @returns the topics that were not there yet */
export async function makeTopics(bootstrap: string): Promise<readonly string[]> {
  const cluster = await KafkaCluster.open({ bootstrapServers: bootstrap.split(','), clientId: 'weir-start' });
  try {
    const topics = demo.topics.map((topic) => ({ topic, partitions: demo.partitions }));
    return await createTopics(cluster, topics);
  } finally {
    await cluster.close();
  }
}

/**
 * Creates the pipeline, or goes on with the one of an earlier start.
 * @returns `epoch`: the last one committed before; 0 for a new pipeline
 */
export async function runPipeline(client: ClusterClient): Promise<{ goesOn: boolean; epoch: number }> {
  const { pipeline: name, sql } = demo;
  const known = (await client.list()).find((pipeline) => pipeline.name === name);
  if (known !== undefined && known.sql !== sql) {
    throw new WeirError('WEIR-9050', `the pipeline '${name}' of an earlier start has another SQL text`, {
      hint: 'forget it with: npm start -- --fresh',
    });
  }
  if (known === undefined) {
    await client.create({ name, sql, parallelism: 2, checkpointInterval: '1s' });
    return { goesOn: false, epoch: 0 };
  }
  if (stateName(known) !== 'running') await client.start(name);
  return { goesOn: true, epoch: known.committedEpoch };
}

/** Stops the pipeline with a last checkpoint. @returns its last committed epoch */
export async function stopPipeline(client: ClusterClient, deadlineMs: number): Promise<number> {
  await client.stop(demo.pipeline);
  const stopped = await client.until(
    demo.pipeline,
    'to be stopped',
    (pipeline) => ['stopped', 'finished', 'created', 'failed', 'halted'].includes(stateName(pipeline)),
    deadlineMs,
  );
  return stopped.committedEpoch;
}

export async function takeSample(client: ClusterClient): Promise<Sample> {
  const pipeline = await client.get(demo.pipeline);
  const sum = (kind: string, count: 'recordsIn' | 'recordsOut') =>
    pipeline.operators
      .filter((operator) => operator.kind === kind)
      .reduce((total, operator) => total + Number(operator[count]), 0);
  const { problem } = pipeline;
  return {
    atMs: Date.now(),
    state: stateName(pipeline),
    committedEpoch: pipeline.committedEpoch,
    committedAtMs: Number(pipeline.committedAtMs),
    recordsIn: sum('source', 'recordsIn'),
    recordsOut: sum('sink', 'recordsOut'),
    restarts: pipeline.restarts,
    problem: problem === undefined ? '' : `${problem.code} ${problem.message}`,
  };
}
