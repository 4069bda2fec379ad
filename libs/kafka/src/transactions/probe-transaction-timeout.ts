import { WeirError } from '@weir/kernel/errors.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import { initProducerId } from './init-producer-id.ts';

/** What brokers allow unless they are told otherwise. */
const usualMs = 900_000;
const leastMs = 1000;

/**
 * A transaction timeout that the brokers take, found by asking, for principals that may not read their settings: 15 minutes, or the half of it
 * that is taken first. Nothing is written; `transactionalId` is one that nothing else uses.
 * @throws WeirError WEIR-4005 without WRITE permission on the transactional id
 */
export async function probeTransactionTimeoutMs(
  cluster: KafkaCluster,
  transactionalId: string,
  wait?: WaitOptions,
): Promise<number> {
  for (let timeoutMs = usualMs; ; timeoutMs = Math.floor(timeoutMs / 2)) {
    try {
      await initProducerId(cluster, transactionalId, timeoutMs, wait);
      return timeoutMs;
    } catch (error) {
      const tooLong = error instanceof WeirError && error.code === 'WEIR-4025';
      if (!tooLong || timeoutMs <= leastMs) throw error;
    }
  }
}
