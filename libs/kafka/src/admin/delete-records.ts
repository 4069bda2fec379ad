import { brokerAnswerError, brokerError } from '../broker-errors.ts';
import type { Api } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { TopicPartition, WaitOptions } from '../contracts/cluster.ts';
import { Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const deleteRecordsApi: Api = { key: 21, version: 1, name: 'DeleteRecords', flexible: false };

/** Deletes the records of a partition below `offset`, as retention does. */
export async function deleteRecords(
  cluster: KafkaCluster,
  { topic, partition }: TopicPartition,
  offset: number,
  wait?: WaitOptions,
): Promise<void> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  await cluster.refreshMetadata([topic], { deadlineMs: deadline.leftMs });
  const leader = cluster.leaderOf(topic, partition);
  if (leader === undefined)
    throw brokerAnswerError(brokerError.leaderNotAvailable, `find the leader of ${topic}`);
  const body = new RequestWriter();
  body.array([topic], (name) => {
    body.string(name).array([partition], (number) => body.int32(number).int64(BigInt(offset)));
  });
  body.int32(Math.ceil(deadline.leftMs));
  const connection = await deadline.race(cluster.connectionTo(leader, 'control'));
  const answer = await deadline.race(connection.send(deleteRecordsApi, [body.finish()]));
  answer.int32();
  answer.array(() => {
    answer.string();
    answer.array(() => {
      answer.int32();
      answer.int64();
      const errorCode = answer.int16();
      if (errorCode !== 0)
        throw brokerAnswerError(errorCode, `delete records of ${topic}, partition ${partition}`);
    });
  });
}
