import { brokerAnswerError, brokerError, isRepeatable, NoAnswerError } from '../broker-errors.ts';
import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { TopicPartition } from '../contracts/cluster.ts';
import { backOffMs } from '../deadline.ts';
import type { Deadline } from '../deadline.ts';
import { topicPartitionKey } from '../topic-partition.ts';
import { RequestWriter } from '../wire/request-writer.ts';
import { forgetMoved } from './init-producer-id.ts';
import type { ProducerIds } from './init-producer-id.ts';

/** Versions 4 and 5 are for brokers: refused once an authorizer is on. */
const addPartitionsApi: Api = { key: 24, version: 3, name: 'AddPartitionsToTxn', flexible: true };

/**
 * Adds partitions to the open transaction (the first ones open it). Repeating is harmless, so a missing answer is repeated
 * too. One bad partition fails the others with OPERATION_NOT_ATTEMPTED: the error names the bad one.
 */
export async function addPartitions(
  cluster: KafkaCluster,
  transactionalId: string,
  ids: ProducerIds,
  partitions: readonly TopicPartition[],
  deadline: Deadline,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    let failure: Error;
    try {
      const connection = await cluster.coordinatorOf('transaction', transactionalId, deadline);
      const results = await deadline.race(request(connection, transactionalId, ids, partitions, deadline));
      const bad =
        results.find(({ errorCode }) => errorCode !== 0 && errorCode !== brokerError.operationNotAttempted) ??
        results.find(({ errorCode }) => errorCode !== 0);
      if (bad === undefined) return;
      failure = brokerAnswerError(
        bad.errorCode,
        `add ${topicPartitionKey(bad.topic, bad.partition)} to the transaction of '${transactionalId}'`,
      );
      if (!isRepeatable(bad.errorCode)) throw failure;
      forgetMoved(cluster, transactionalId, bad.errorCode);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      cluster.forgetCoordinator('transaction', transactionalId);
      failure = error;
    }
    // A transaction of the same id that is just being ended holds this back for a few milliseconds.
    if (!(await deadline.backOff(attempt < 10 ? 2 : backOffMs(attempt - 10)))) throw failure;
  }
}

async function request(
  connection: BrokerConnection,
  transactionalId: string,
  ids: ProducerIds,
  partitions: readonly TopicPartition[],
  deadline: Deadline,
): Promise<(TopicPartition & { errorCode: number })[]> {
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of partitions)
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  const body = new RequestWriter()
    .compactString(transactionalId)
    .int64(BigInt(ids.producerId))
    .int16(ids.producerEpoch);
  body.compactArray([...byTopic], ([topic, numbers]) =>
    body
      .compactString(topic)
      .compactArray(numbers, (n) => body.int32(n))
      .noTags(),
  );
  body.noTags();
  const answer = await connection.send(addPartitionsApi, [body.finish()], Math.max(1, deadline.leftMs));
  answer.int32();
  const results: (TopicPartition & { errorCode: number })[] = [];
  answer.compactArray(() => {
    const topic = answer.compactString();
    answer.compactArray(() => {
      results.push({ topic, partition: answer.int32(), errorCode: answer.int16() });
      answer.skipTags();
    });
    answer.skipTags();
  });
  return results;
}
