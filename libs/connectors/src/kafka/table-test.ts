import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { brokerAnswerError, brokerError } from '@weir/kafka/broker-errors.ts';
import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { TopicDescription } from '@weir/kafka/contracts/cluster.ts';
import { initProducerId } from '@weir/kafka/transactions/init-producer-id.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { SubtaskContext } from '../connector.ts';
import { StepFailure, type StepRun } from '../connection-test/step-run.ts';
import { isExactlyOnce } from './kafka-options.ts';
import { KafkaSource } from './kafka-source.ts';
import { splitName, splitState } from './kafka-split.ts';
import { topicNames } from './kafka-topics.ts';

type Options = Readonly<Record<string, string>>;

const sampleRows = 3;
const samplePartitions = 4;
const sampleMs = 10_000;
const fenceTimeoutMs = 60_000;
/** Bits of Kafka's authorized operations. */
const operations = { READ: 3, WRITE: 4, DESCRIBE: 8 } as const;

/** Tries the topic of a table: that it is there, the rights on it, a few records of it. Writes nothing, commits nothing. */
export async function testKafkaTable(
  cluster: KafkaCluster,
  node: SourceNode,
  use: { readonly reads: boolean; readonly writes: boolean },
  run: StepRun,
  context: SubtaskContext,
): Promise<void> {
  const { options } = node;
  const topic = await run.step('topic', () => describe(cluster, options));
  if (use.reads) await run.step('read_rights', () => mayDo(cluster, topic, 'READ'));
  else run.skip('read_rights', 'the table is not read');
  if (use.reads) await run.step('sample', () => sample(cluster, topic, node, run, context));
  else run.skip('sample', 'the table is not read');
  if (use.writes) await run.step('write_rights', () => mayDo(cluster, topic, 'WRITE'));
  else run.skip('write_rights', 'the table is not written');
  if (!use.writes || !isExactlyOnce(options))
    run.skip('transactional_id', 'nothing is written in transactions');
  else await run.step('transactional_id', () => mayUseTransactions(cluster, context.clusterName));
}

async function describe(
  cluster: KafkaCluster,
  options: Options,
): Promise<{ detail: string; found: TopicDescription | undefined }> {
  const { topic } = options;
  if (topic === undefined) return { detail: 'topics by pattern are found while it runs', found: undefined };
  try {
    const [first] = await cluster.describeTopics(topicNames(topic));
    return { detail: `${topic}: ${first?.partitions.length ?? 0} partitions`, found: first };
  } catch (error) {
    throw error instanceof WeirError ? new StepFailure('topic', error) : error;
  }
}

/** As the broker says who may what: nothing is tried out, since a write would leave something behind (T2). */
async function mayDo(
  cluster: KafkaCluster,
  topic: TopicDescription | undefined,
  operation: keyof typeof operations,
): Promise<{ detail: string; found: null }> {
  if (topic === undefined) return { detail: 'of topics by pattern nothing is asked', found: null };
  const rights = await cluster.topicRights(topic.topic);
  if (rights === undefined) return { detail: 'the broker does not say', found: null };
  if ((rights & (1 << operations[operation])) !== 0)
    return { detail: `${operation} is allowed`, found: null };
  const refused = brokerAnswerError(
    brokerError.topicAuthorizationFailed,
    `allow ${operation} on the topic '${topic.topic}'`,
  );
  throw new StepFailure('topic', refused);
}

/** One fixed id: ids expire after days, and random ones would pile up. */
async function mayUseTransactions(
  cluster: KafkaCluster,
  clusterName: string,
): Promise<{ detail: string; found: null }> {
  const id = `weir.${clusterName}.connection-test`;
  await initProducerId(cluster, id, fenceTimeoutMs, { deadlineMs: 10_000 });
  return { detail: `${id} is allowed`, found: null };
}

async function sample(
  cluster: KafkaCluster,
  topic: TopicDescription | undefined,
  node: SourceNode,
  run: StepRun,
  context: SubtaskContext,
): Promise<{ detail: string; found: null }> {
  if (topic === undefined) return { detail: 'topics by pattern are not sampled', found: null };
  const splits = await lastRecords(cluster, topic);
  if (Object.keys(splits).length === 0) return { detail: 'the topic is empty', found: null };
  const changes = {
    topic: topic.topic,
    'source.read_mode': 'read_uncommitted',
    'source.bounded': 'latest',
    bad_data: 'fail',
  };
  const { 'dead_letter.topic': _, ...options } = node.options;
  const source = new KafkaSource({ ...node, options: { ...options, ...changes } }, context);
  const stop = AbortSignal.any([run.signal, AbortSignal.timeout(sampleMs)]);
  let rows = 0;
  try {
    await source.open(splits);
    while (rows < sampleRows && !source.ended && !stop.aborted) {
      const batch = source.poll();
      if (batch === undefined) await source.wait(stop);
      else for (const json of jsonOf(batch, node.schema, sampleRows - rows)) rows += told(run, json);
    }
  } catch (error) {
    throw error instanceof WeirError ? new StepFailure('format', error) : error;
  } finally {
    await source.close();
  }
  return { detail: rows === 0 ? 'no row of the last records' : `${rows} of the last rows`, found: null };
}

function told(run: StepRun, json: string): 1 {
  run.sample('', json);
  return 1;
}

/** The last few offsets of the partitions that hold something. */
async function lastRecords(
  cluster: KafkaCluster,
  topic: TopicDescription,
): Promise<Record<string, SplitState>> {
  const all = topic.partitions.map(({ partition }) => ({ topic: topic.topic, partition }));
  const [starts, ends] = await Promise.all([
    cluster.fetchOffsets(all, 'earliest', 'read_uncommitted'),
    cluster.fetchOffsets(all, 'latest', 'read_uncommitted'),
  ]);
  const splits: Record<string, SplitState> = {};
  for (const { partition, offset: end } of ends) {
    const start = starts.find((each) => each.partition === partition)?.offset ?? end;
    if (start >= end || Object.keys(splits).length === samplePartitions) continue;
    const place = { topic: topic.topic, partition, topicId: topic.topicId };
    splits[splitName(topic.topic, partition)] = splitState({
      ...place,
      nextOffset: Math.max(start, end - sampleRows),
      endOffset: end,
    });
  }
  return splits;
}

function jsonOf(batch: Batch, schema: Schema, most: number): string[] {
  const encoder = formatNamed('json').createEncoder(schema, { format: 'json' });
  encoder.begin(batch);
  return Array.from({ length: Math.min(most, batch.rowCount) }, (_, row) => {
    const target = new Uint8Array(encoder.bound(row));
    return new TextDecoder().decode(target.subarray(0, encoder.encode(row, target, 0)));
  });
}
