import { maxTransactionTimeoutMs } from '@weir/kafka/admin/describe-configs.ts';
import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { WaitOptions } from '@weir/kafka/contracts/cluster.ts';
import { probeTransactionTimeoutMs } from '@weir/kafka/transactions/probe-transaction-timeout.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { transactionTimeoutMsOf } from './kafka-options.ts';

/**
 * How long a sink's transactions may stay open: as the option says, or the most that the brokers allow. Where nobody may read their settings
 * (Confluent Cloud) they are asked by InitProducerId on an id of the cluster's, and what the option says is left for them to judge.
 * @throws WeirError WEIR-3205 when the option is above what the brokers allow
 */
export async function transactionTimeoutOf(
  cluster: KafkaCluster,
  table: string,
  options: Readonly<Record<string, string>>,
  clusterName: string,
  wait?: WaitOptions,
): Promise<number> {
  const wanted = transactionTimeoutMsOf(options);
  const allowedMs = await allowed(cluster, wait);
  if (allowedMs === undefined) {
    return wanted ?? (await probeTransactionTimeoutMs(cluster, `weir.${clusterName}.connection-test`, wait));
  }
  if (wanted === undefined || wanted <= allowedMs) return wanted ?? allowedMs;
  throw new WeirError(
    'WEIR-3205',
    `table ${table}: 'sink.transaction_timeout' is ${formatDurationMs(wanted)}, the broker allows ${formatDurationMs(allowedMs)}`,
    { hint: "lower it, or raise the brokers' transaction.max.timeout.ms" },
  );
}

/** Undefined: nobody may know. */
async function allowed(cluster: KafkaCluster, wait?: WaitOptions): Promise<number | undefined> {
  try {
    return await maxTransactionTimeoutMs(cluster, wait);
  } catch (error) {
    if (error instanceof WeirError && error.code === 'WEIR-4005') return undefined;
    throw error;
  }
}
