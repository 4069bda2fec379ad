import { brokerAnswerError, brokerError } from '../broker-errors.ts';
import type { Api } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const createPartitionsApi: Api = { key: 37, version: 1, name: 'CreatePartitions', flexible: false };

/** Adds partitions to a topic until it has `count`, and waits until each of them has a leader in the brokers' metadata. */
export async function createPartitions(
  cluster: KafkaCluster,
  topic: string,
  count: number,
  wait?: WaitOptions,
): Promise<void> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  const body = new RequestWriter();
  body.array([topic], (name) => body.string(name).int32(count).int32(-1));
  body.int32(Math.ceil(deadline.leftMs)).bool(false);
  const answer = await cluster.onController((c) => c.send(createPartitionsApi, [body.finish()]), deadline);
  answer.int32();
  answer.array(() => {
    answer.string();
    const errorCode = answer.int16();
    const message = answer.nullableString();
    if (errorCode !== 0) throw brokerAnswerError(errorCode, `add partitions to '${topic}'`, message);
  });
  for (let attempt = 0; ; attempt++) {
    const { topics } = await cluster.refreshMetadata([topic], { deadlineMs: Math.max(1, deadline.leftMs) });
    const led = topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0;
    if (led >= count) return;
    if (!(await deadline.backOff(backOffMs(attempt))))
      throw brokerAnswerError(brokerError.requestTimedOut, 'add the partitions in time');
  }
}
