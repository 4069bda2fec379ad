import { maxTransactionTimeoutMs } from '@weir/kafka/admin/describe-configs.ts';
import type { WaitOptions } from '@weir/kafka/contracts/cluster.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { ConnectorContext } from '../connector.ts';
import { clusterOptionsOf, isExactlyOnce, transactionTimeoutMsOf } from './kafka-options.ts';
import { sinkTopicOf } from './kafka-topics.ts';

/** A topic that can be written, and the connection for it. */
export interface SinkTopic {
  readonly cluster: KafkaCluster;
  readonly name: string;
  readonly partitions: number;
  readonly transactionTimeoutMs: number;
}

/**
 * Connects and finds the topic's partitions and the transaction timeout: the option, or the most that the broker allows.
 * @throws WeirError WEIR-4003 when the topic is missing (naming those that look alike), WEIR-3205 when the timeout is above what the broker allows
 */
export async function openSinkTopic(
  node: SinkNode,
  options: Readonly<Record<string, string>>,
  context: ConnectorContext,
  wait: WaitOptions = {},
): Promise<SinkTopic> {
  const clientId = `weir-${context.clusterName}-${context.pipeline}-${node.table}`;
  const cluster = await KafkaCluster.open(clusterOptionsOf(options, clientId), wait);
  try {
    const name = sinkTopicOf(node.table, options);
    const [description] = await cluster.describeTopics([name]);
    const transactionTimeoutMs = isExactlyOnce(options) ? await timeoutOf(cluster, node, options) : 0;
    return {
      cluster,
      name,
      partitions: present(description, 'description of the topic').partitions.length,
      transactionTimeoutMs,
    };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

async function timeoutOf(
  cluster: KafkaCluster,
  node: SinkNode,
  options: Readonly<Record<string, string>>,
): Promise<number> {
  const allowedMs = await maxTransactionTimeoutMs(cluster);
  const wanted = transactionTimeoutMsOf(options);
  if (wanted !== undefined && wanted > allowedMs) {
    throw new WeirError(
      'WEIR-3205',
      `table ${node.table}: 'sink.transaction_timeout' is ${formatDurationMs(wanted)}, the broker allows ${formatDurationMs(allowedMs)}`,
      { hint: "lower it, or raise the brokers' transaction.max.timeout.ms" },
    );
  }
  return wanted ?? allowedMs;
}
