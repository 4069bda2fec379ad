import type { WaitOptions } from '@weir/kafka/contracts/cluster.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { ConnectorContext } from '../connector.ts';
import { clusterOptionsOf, isExactlyOnce } from './kafka-options.ts';
import { sinkTopicOf } from './kafka-topics.ts';
import { transactionTimeoutOf } from './transaction-timeout.ts';

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
    const transactionTimeoutMs = isExactlyOnce(options)
      ? await transactionTimeoutOf(cluster, node.table, options, context.clusterName)
      : 0;
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
