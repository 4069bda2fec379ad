import { brokerAnswerError, brokerError } from '../broker-errors.ts';
import type { Api } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const deleteTopicsApi: Api = { key: 20, version: 3, name: 'DeleteTopics', flexible: false };

/** Deletes topics and waits until the metadata no longer shows them. A topic that isn't there is no error. */
export async function deleteTopics(
  cluster: KafkaCluster,
  topics: readonly string[],
  wait?: WaitOptions,
): Promise<void> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  const body = new RequestWriter();
  body.array(topics, (topic) => body.string(topic)).int32(Math.ceil(deadline.leftMs));
  const answer = await cluster.onController((c) => c.send(deleteTopicsApi, [body.finish()]), deadline);
  answer.int32();
  answer.array(() => {
    const topic = answer.string();
    const errorCode = answer.int16();
    if (errorCode !== 0 && errorCode !== brokerError.unknownTopicOrPartition) {
      throw brokerAnswerError(errorCode, `delete the topic '${topic}'`);
    }
  });
  for (let attempt = 0; ; attempt++) {
    const metadata = await cluster.refreshMetadata(topics, { deadlineMs: Math.max(1, deadline.leftMs) });
    const left = metadata.topics.filter((entry) => entry.errorCode !== brokerError.unknownTopicOrPartition);
    if (left.length === 0) return;
    if (!(await deadline.backOff(backOffMs(attempt))))
      throw brokerAnswerError(brokerError.requestTimedOut, 'delete the topics in time');
  }
}
