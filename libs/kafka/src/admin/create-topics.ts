import { brokerAnswerError, brokerError } from '../broker-errors.ts';
import type { Api } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const createTopicsApi: Api = { key: 19, version: 4, name: 'CreateTopics', flexible: false };

export interface NewTopic {
  readonly topic: string;
  /** Default: the broker's. */
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/**
 * Creates topics and waits until every partition has a leader in the brokers' metadata (the answer alone comes earlier).
 * @returns the topics that were made; those that were there already are left as they are
 */
export async function createTopics(
  cluster: KafkaCluster,
  topics: readonly NewTopic[],
  wait?: WaitOptions,
): Promise<string[]> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  const body = new RequestWriter();
  body.array(topics, ({ topic, partitions, replicationFactor, configs }) => {
    body
      .string(topic)
      .int32(partitions ?? -1)
      .int16(replicationFactor ?? -1)
      .int32(0);
    body.array(Object.entries(configs ?? {}), ([key, value]) => body.string(key).string(value));
  });
  body.int32(Math.ceil(deadline.leftMs)).bool(false);
  const answer = await cluster.onController((c) => c.send(createTopicsApi, [body.finish()]), deadline);
  answer.int32();
  const made: string[] = [];
  answer.array(() => {
    const topic = answer.string();
    const errorCode = answer.int16();
    const message = answer.nullableString();
    if (errorCode === 0) made.push(topic);
    else if (errorCode !== brokerError.topicAlreadyExists) {
      throw brokerAnswerError(errorCode, `create the topic '${topic}'`, message);
    }
  });
  await untilLed(
    cluster,
    topics.map(({ topic }) => topic),
    deadline,
  );
  return made;
}

async function untilLed(cluster: KafkaCluster, topics: readonly string[], deadline: Deadline): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const answer = await cluster.refreshMetadata(topics, { deadlineMs: Math.max(1, deadline.leftMs) });
    const behind = topics.find((name) => {
      const found = answer.topics.find((entry) => entry.topic === name);
      return (
        found === undefined ||
        found.errorCode !== 0 ||
        found.partitions.some((p) => p.errorCode !== 0 || p.leader < 0)
      );
    });
    if (behind === undefined) return;
    if (!(await deadline.backOff(backOffMs(attempt)))) {
      throw brokerAnswerError(
        brokerError.leaderNotAvailable,
        `give the new topic '${behind}' leaders in time`,
      );
    }
  }
}
