import { brokerAnswerError } from '../broker-errors.ts';
import type { Api } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import { Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const describeConfigsApi: Api = { key: 32, version: 2, name: 'DescribeConfigs', flexible: false };

/**
 * Settings of a topic, or of a broker (by node id). `names` null asks for all. A setting without a value is left out.
 * @throws WeirError WEIR-4005 without DESCRIBE_CONFIGS permission
 */
export async function describeConfigs(
  cluster: KafkaCluster,
  kind: 'topic' | 'broker',
  name: string,
  names: readonly string[] | null,
  wait?: WaitOptions,
): Promise<ReadonlyMap<string, string>> {
  const body = new RequestWriter()
    .int32(1)
    .int8(kind === 'topic' ? 2 : 4)
    .string(name);
  if (names === null) body.int32(-1);
  else body.array(names, (key) => body.string(key));
  body.bool(false);
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  const answer = await (kind === 'broker'
    ? deadline.race(
        cluster
          .connectionTo(Number(name), 'control')
          .then((c) => c.send(describeConfigsApi, [body.finish()])),
      )
    : cluster.onAnyBroker((c) => c.send(describeConfigsApi, [body.finish()]), deadline));
  answer.int32();
  const configs = new Map<string, string>();
  answer.array(() => {
    const errorCode = answer.int16();
    const message = answer.nullableString();
    answer.int8();
    answer.string();
    answer.array(() => {
      const key = answer.string();
      const value = answer.nullableString();
      answer.bool();
      answer.int8();
      answer.bool();
      answer.array(() => ({ key: answer.string(), value: answer.nullableString(), source: answer.int8() }));
      if (value !== null) configs.set(key, value);
    });
    if (errorCode !== 0)
      throw brokerAnswerError(errorCode, `describe the settings of ${kind} '${name}'`, message);
  });
  return configs;
}

/**
 * The longest transaction timeout that the brokers allow (15 minutes unless set), in milliseconds.
 * @throws WeirError WEIR-4005 without DESCRIBE_CONFIGS permission
 */
export async function maxTransactionTimeoutMs(cluster: KafkaCluster, wait?: WaitOptions): Promise<number> {
  const key = 'transaction.max.timeout.ms';
  const brokers = await cluster.brokers(wait);
  const limits = await Promise.all(
    brokers.map(async ({ nodeId }) =>
      Number((await describeConfigs(cluster, 'broker', `${nodeId}`, [key], wait)).get(key)),
    ),
  );
  return Math.min(...limits.map((limit) => (Number.isFinite(limit) ? limit : 900_000)));
}
