/* What the integration tests of this library share. Not used outside of tests. */
import { decodeHeaders, encodeHeaders, type RecordHeader } from '../record-batch/record-headers.ts';
import { createTopics } from '../admin/create-topics.ts';
import { KafkaCluster } from '../cluster-access.ts';
import type { IsolationLevel, PartitionOffset, TopicPartition } from '../contracts/cluster.ts';
import type { FetcherOptions } from '../contracts/fetch.ts';
import type { BatchProducer, OpenHandle, ProducerOptions } from '../contracts/produce.ts';
import { Deadline } from '../deadline.ts';
import { PartitionFetcher } from '../fetch/partition-fetcher.ts';
import { TransactionalProducer } from '../produce/transactional-producer.ts';

export function openCluster(bootstrap: string): Promise<KafkaCluster> {
  return KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'weir-test' });
}

export function uniqueName(what: string): string {
  return `${what}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
}

export async function makeTopic(
  cluster: KafkaCluster,
  partitions = 1,
  configs: Record<string, string> = {},
): Promise<string> {
  const topic = uniqueName('topic');
  await createTopics(cluster, [{ topic, partitions, configs }]);
  return topic;
}

export interface TestRecord {
  readonly key?: string | null;
  readonly value: string | null;
  readonly timestampMs?: number;
  readonly headers?: readonly RecordHeader[];
}

/** Sends records as one batch and does not wait. */
export function sendRecords(
  producer: BatchProducer,
  to: TopicPartition,
  records: readonly (string | TestRecord)[],
): void {
  const writer = producer.newBatch();
  for (const entry of records) {
    const {
      key = null,
      value,
      timestampMs = 1_700_000_000_000,
      headers = [],
    } = typeof entry === 'string' ? { value: entry } : entry;
    const bytes = Buffer.from(value ?? '');
    if (key === null) writer.reserve(bytes.length);
    else writer.reserveWithKey(Buffer.from(key), 0, Buffer.byteLength(key), bytes.length);
    writer.buffer.set(bytes, writer.valueStart);
    const encoded = headers.length === 0 ? new Uint8Array(0) : encodeHeaders(headers);
    const end = value === null ? -1 : writer.valueStart + bytes.length;
    writer.commitRecordWithHeaders(end, timestampMs, encoded, 0, encoded.length);
  }
  producer.send(to, writer);
}

/** A transaction that is flushed and prepared but not ended. */
export async function prepareTransaction(
  cluster: KafkaCluster,
  to: readonly TopicPartition[],
  options: ProducerOptions & {
    transactionalId?: string;
    transactionTimeoutMs?: number;
    values?: readonly string[];
  } = {},
): Promise<{ producer: TransactionalProducer; handle: OpenHandle }> {
  const {
    transactionalId = uniqueName('tx'),
    values = ['value'],
    transactionTimeoutMs = 60_000,
    ...shared
  } = options;
  const producer = await TransactionalProducer.open(cluster, transactionalId, {
    transactionTimeoutMs,
    ...shared,
  });
  for (const partition of to) sendRecords(producer, partition, values);
  await producer.flush();
  const handle = producer.handle();
  if (handle.kind !== 'kafka') throw new Error('the transaction is empty');
  return { producer, handle };
}

export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  /** Left out: none. */
  readonly headers?: readonly (readonly [string, string | null])[];
}

/**
 * Reads from the beginning up to the ends as they are now. The last stable offset follows EndTxn by some milliseconds, so
 * it is waited for, unless the test has left a transaction open on purpose.
 */
export async function readAll(
  cluster: KafkaCluster,
  topic: string,
  isolation: IsolationLevel = 'read_committed',
  options: Partial<FetcherOptions> & { transactionsOpen?: boolean } = {},
): Promise<ReadRecord[]> {
  const [description] = await cluster.describeTopics([topic]);
  const partitions = (description?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
  const { transactionsOpen = false, ...fetching } = options;
  const endsOf = (level: IsolationLevel): Promise<readonly PartitionOffset[]> =>
    cluster.fetchOffsets(partitions, 'latest', level);
  const ends = await until('the end of all transactions', async () => {
    const [stable, high] = [await endsOf(isolation), await endsOf('read_uncommitted')];
    return (transactionsOpen || stable.every((end, i) => end.offset === high[i]?.offset)) && stable;
  });
  const starts = await cluster.fetchOffsets(partitions, 'earliest', isolation);
  const fetcher = new PartitionFetcher(cluster, { isolation, maxWaitMs: 50, ...fetching });
  fetcher.assign(starts);
  const records: ReadRecord[] = [];
  const deadline = AbortSignal.timeout(60_000);
  try {
    while (!ends.every((end) => fetcher.position(end).nextOffset >= end.offset)) {
      const block = fetcher.poll();
      if (block === undefined) {
        await fetcher.waitForData(deadline);
        continue;
      }
      const { index, partition } = block;
      const text = (start = -1, end = -1): string | null =>
        start < 0 ? null : Buffer.from(index.data.subarray(start, end)).toString();
      for (let i = 0; i < index.count; i++) {
        const headers = decodeHeaders(index.data, index.headerStarts[i] ?? 0, index.headerEnds[i] ?? 0).map(
          ({ key, value }) => [key, value === null ? null : Buffer.from(value).toString()] as const,
        );
        records.push({
          partition,
          offset: index.offsets[i] ?? -1,
          key: text(index.keyStarts[i], index.keyEnds[i]),
          value: text(index.valueStarts[i], index.valueEnds[i]),
          timestampMs: index.timestampsMs[i] ?? -1,
          ...(headers.length > 0 && { headers }),
        });
      }
      block.release();
    }
  } finally {
    await fetcher.close();
  }
  return records;
}

/** Waits for a condition, 60 s at most. */
export async function until<T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = new Deadline({ deadlineMs: 60_000 }, 60_000);
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (!(await deadline.backOff(10))) throw new Error(`not seen within 60 s: ${what}`);
  }
}
