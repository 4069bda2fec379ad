import { brokerAnswerError, brokerError, isRepeatable } from './broker-errors.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type {
  IsolationLevel,
  OffsetSpec,
  PartitionOffset,
  TopicDescription,
  TopicPartition,
  WaitOptions,
} from './contracts/cluster.ts';
import { backOffMs } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { requestOffsets } from './requests/list-offsets.ts';
import { topicPartitionKey } from './topic-partition.ts';
import { dispositionOf } from '@weir/kernel/errors.ts';

/** What is asked for leaders and for connections to them: a cluster. */
export interface PartitionLeaders {
  leaderOf(topic: string, partition: number): number | undefined;
  connectionTo(nodeId: number, use: 'control'): Promise<BrokerConnection>;
  /** Learns leaders anew. */
  describeTopics(names: readonly string[], wait?: WaitOptions): Promise<readonly TopicDescription[]>;
}

/** Asks every leader once, and again for partitions whose leader moved, until all are there. Order as asked. */
export async function readOffsets(
  cluster: PartitionLeaders,
  partitions: readonly TopicPartition[],
  spec: OffsetSpec,
  isolation: IsolationLevel,
  deadline: Deadline,
): Promise<readonly PartitionOffset[]> {
  const found = new Map<string, number>();
  let missing: readonly TopicPartition[] = partitions;
  for (let attempt = 0; missing.length > 0; attempt++) {
    const failure = await readRound(cluster, missing, spec, isolation, deadline, found);
    missing = partitions.filter((p) => !found.has(topicPartitionKey(p.topic, p.partition)));
    if (missing.length === 0) break;
    if (!(await deadline.backOff(backOffMs(attempt)))) throw failure;
    await cluster.describeTopics([...new Set(missing.map((p) => p.topic))], { deadlineMs: deadline.leftMs });
  }
  const late = partitions.filter((p) => found.get(topicPartitionKey(p.topic, p.partition)) === -1);
  if (late.length > 0) {
    const ends = await readOffsets(cluster, late, 'latest', isolation, deadline);
    for (const end of ends) found.set(topicPartitionKey(end.topic, end.partition), end.offset);
  }
  return partitions.map(({ topic, partition }) => ({
    topic,
    partition,
    offset: found.get(topicPartitionKey(topic, partition)) ?? 0,
  }));
}

/** Fills `found`; the answer is the last failure, for when there is no time to try again. */
async function readRound(
  cluster: PartitionLeaders,
  partitions: readonly TopicPartition[],
  spec: OffsetSpec,
  isolation: IsolationLevel,
  deadline: Deadline,
  found: Map<string, number>,
): Promise<Error> {
  let failure: Error = brokerAnswerError(
    brokerError.leaderNotAvailable,
    'tell offsets: a partition has no leader',
  );
  const byLeader = new Map<number, Map<string, number[]>>();
  for (const { topic, partition } of partitions) {
    const leader = cluster.leaderOf(topic, partition);
    if (leader === undefined) continue;
    const topics = byLeader.get(leader) ?? new Map<string, number[]>();
    byLeader.set(leader, topics);
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  await Promise.all(
    [...byLeader].map(async ([leader, topics]) => {
      try {
        const connection = await deadline.race(cluster.connectionTo(leader, 'control'));
        const answers = await deadline.race(
          requestOffsets(connection, topics, spec, isolation, Math.max(1, deadline.leftMs)),
        );
        for (const { topic, partition, errorCode, offset } of answers) {
          if (errorCode === 0) found.set(topicPartitionKey(topic, partition), offset);
          else failure = brokerAnswerError(errorCode, `tell the offsets of ${topic}-${partition}`);
          if (errorCode !== 0 && !isRepeatable(errorCode)) throw failure;
        }
      } catch (error) {
        deadline.throwIfAborted();
        if (dispositionOf(error) !== 'retry') throw error;
        if (error instanceof Error) failure = error;
      }
    }),
  );
  return failure;
}
