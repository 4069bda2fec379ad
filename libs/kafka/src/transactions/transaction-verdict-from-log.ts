import { dispositionOf } from '@weir/kernel/errors.ts';
import { brokerError } from '../broker-errors.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import type { LogVerdict, OpenHandle } from '../contracts/produce.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { requestFetch } from '../requests/fetch.ts';
import type { FetchedPartition } from '../requests/fetch.ts';
import { parseTopicPartitionKey } from '../topic-partition.ts';

/**
 * What the log says of a prepared transaction, partition by partition, from the offset of its first batch:
 * the broker's list of aborted transactions holds (producer id, that offset) -> aborted; the last stable offset is past it and
 * it is not in the list -> committed; not past it -> undecided (ask again later); deleted, or no permission -> unreadable.
 *
 * One partition that decides is enough: a transaction ends the same way in all of them. An offset that the log no longer holds
 * says nothing, the others are asked. Right where EndTxn's answer is ambiguous, as long as the topics retain the records.
 */
export async function verdictFromLog(
  cluster: KafkaCluster,
  handle: OpenHandle,
  wait?: WaitOptions,
): Promise<LogVerdict> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  let verdict: LogVerdict = 'unreadable';
  for (const [key, offset] of Object.entries(handle.firstOffsets)) {
    const one = await partitionVerdict(cluster, BigInt(handle.producerId), key, offset, deadline);
    if (one === 'committed' || one === 'aborted') return one;
    if (one === 'undecided') verdict = one;
  }
  return verdict;
}

async function partitionVerdict(
  cluster: KafkaCluster,
  producerId: bigint,
  key: string,
  offset: number,
  deadline: Deadline,
): Promise<LogVerdict> {
  const { topic, partition } = parseTopicPartitionKey(key);
  for (let attempt = 0; ; attempt++) {
    deadline.throwIfAborted();
    const fetched = await fetchOnce(cluster, topic, partition, offset, deadline);
    if (fetched !== undefined && 'records' in fetched && fetched.errorCode === 0)
      return judge(fetched, producerId, offset);
    const code = fetched?.errorCode;
    const final =
      code === brokerError.offsetOutOfRange ||
      code === brokerError.topicAuthorizationFailed ||
      (code === brokerError.unknownTopicOrPartition && attempt >= 3);
    if (final) return 'unreadable';
    if (!(await deadline.backOff(backOffMs(attempt)))) return 'undecided';
    await cluster
      .refreshMetadata([topic], { deadlineMs: Math.max(1, deadline.leftMs) })
      .catch(() => undefined);
  }
}

function judge(fetched: FetchedPartition, producerId: bigint, offset: number): LogVerdict {
  if (offset < fetched.logStartOffset) return 'unreadable';
  const aborted =
    fetched.aborted?.some((entry) => entry.producerId === producerId && entry.firstOffset === offset) ===
    true;
  if (aborted) return 'aborted';
  return fetched.lastStableOffset > offset ? 'committed' : 'undecided';
}

/** Undefined: no answer, worth another try. What the metadata says of a missing topic is told as a Fetch would. */
async function fetchOnce(
  cluster: KafkaCluster,
  topic: string,
  partition: number,
  offset: number,
  deadline: Deadline,
): Promise<FetchedPartition | { readonly errorCode: number } | undefined> {
  try {
    let leader = cluster.leaderOf(topic, partition);
    if (leader === undefined) {
      const metadata = await cluster.refreshMetadata([topic], { deadlineMs: Math.max(1, deadline.leftMs) });
      leader = cluster.leaderOf(topic, partition);
      if (leader === undefined)
        return { errorCode: metadata.topics[0]?.errorCode || brokerError.leaderNotAvailable };
    }
    const connection = await deadline.race(cluster.connectionTo(leader, 'control'));
    const request = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 4096,
      isolation: 'read_committed',
      partitions: [{ topic, partition, offset, maxBytes: 4096 }],
    } as const;
    return (await deadline.race(requestFetch(connection, request, Math.max(1, deadline.leftMs))))
      .partitions[0];
  } catch (error) {
    deadline.throwIfAborted();
    if (dispositionOf(error) === 'retry') return undefined;
    throw error;
  }
}
