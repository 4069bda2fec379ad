import type { TopicPartition, WaitOptions } from './cluster.ts';

export type CompressionName = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/**
 * One record batch under construction, in one growable buffer. The value of a record is written in place:
 *
 *   writer.reserve(maxValueBytes);                        // room for any value up to that length
 *   const end = encode(writer.buffer, writer.valueStart); // read both AFTER reserve: the buffer may have been replaced
 *   writer.commitRecord(end, timestampMs);
 *
 * A record that was reserved and not committed is forgotten by the next reserve.
 */
export interface RecordBatchWriter {
  readonly buffer: Uint8Array;
  readonly valueStart: number;
  readonly recordCount: number;
  /** Bytes of the batch so far, its 61 byte header included, before compression. */
  readonly byteLength: number;
  /** True when a record of this many value bytes (and 64 for its head) still fits the target size; always true for the first. */
  fits(valueBytes: number): boolean;
  reserve(maxValueBytes: number): void;
  /** The same with a key: copied before the value. */
  reserveWithKey(key: Uint8Array, keyStart: number, keyEnd: number, maxValueBytes: number): void;
  commitRecord(valueEnd: number, timestampMs: number): void;
  /** With headers as encoded by record-headers.ts (varint count first). `valueEnd` -1: a null value. */
  commitRecordWithHeaders(
    valueEnd: number,
    timestampMs: number,
    headers: Uint8Array,
    headersStart: number,
    headersEnd: number,
  ): void;
  /** A record with a null value; after reserve or reserveWithKey. */
  commitTombstone(timestampMs: number): void;
}

export interface ProducerOptions {
  readonly compression?: CompressionName;
  /** Target size of a batch before compression. Default 960 KiB, below the default `max.message.bytes` of a topic. */
  readonly batchBytes?: number;
  /** Bytes sealed and not yet acknowledged above which `hasRoom` is false. Default 16 MiB. */
  readonly bufferBytes?: number;
  /** Requests under way per broker, one a partition. Default 5. */
  readonly maxInFlight?: number;
  /** How long a batch is tried again before the producer fails. Default 120000. */
  readonly deliveryTimeoutMs?: number;
}

/**
 * What both producers share. Batches of a partition are delivered in the order of `send`. Any failure that can't be
 * repeated safely is sticky: `failure` is set and send, waitForRoom, flush throw it.
 */
export interface BatchProducer {
  readonly failure: Error | undefined;
  /** False: encode no more, await waitForRoom(). send() still accepts, so a caller may finish its batch. */
  readonly hasRoom: boolean;
  /** An empty writer from the pool. */
  newBatch(): RecordBatchWriter;
  /** Takes the writer over (it must not be touched again) and sends it as soon as it can; an empty one just goes back. */
  send(partition: TopicPartition, batch: RecordBatchWriter): void;
  waitForRoom(signal?: AbortSignal): Promise<void>;
  /** Resolves when everything sent so far is acknowledged by all in-sync replicas. */
  flush(wait?: WaitOptions): Promise<void>;
  /** Does not wait and does not abort; what was not acknowledged may or may not be in the log. */
  close(): Promise<void>;
}

/** At least once: acks=all, idempotent, so that retries make neither gaps nor duplicates within its life. */
export interface IdempotentProducerContract extends BatchProducer {
  readonly producerId: string;
}

/** What commits a sink subtask's output of an epoch (docs/protocol.md, "Handle"). Plain data: it goes into the ledger. */
export type TransactionHandle = EmptyHandle | OpenHandle;

export interface EmptyHandle {
  readonly kind: 'empty';
}

export interface OpenHandle {
  readonly kind: 'kafka';
  readonly transactionalId: string;
  /** A 64-bit integer in decimal. */
  readonly producerId: string;
  readonly producerEpoch: number;
  /** Offset of the transaction's first batch in each partition, keyed `topic-partition` (topicPartitionKey). */
  readonly firstOffsets: Readonly<Record<string, number>>;
}

/**
 * One transactional id, one transaction at a time. Made by `TransactionalProducer.open(cluster, id, options, wait)`, which sends
 * InitProducerId exactly once unless it is answered with an error that may be repeated; a missing answer throws
 * WEIR-4021 (the caller must end its task, not ask again).
 *
 *   send ... flush -> handle() [prepared: send is refused until] -> commit() or abort() -> may send again only after reinitialize()
 */
export interface TransactionalProducerContract extends BatchProducer {
  readonly transactionalId: string;
  readonly producerId: string;
  readonly producerEpoch: number;
  /** performance.now() when the first partition was added (the broker's timeout counts from it), or undefined. */
  readonly openSinceMs: number | undefined;
  /** After flush(): what to commit. From here until commit or abort nothing may be sent. */
  handle(): TransactionHandle;
  /** EndTxn(commit), repeated while the answer allows; the caller reads the classification. */
  commit(wait?: WaitOptions): Promise<EndTransactionResult>;
  abort(wait?: WaitOptions): Promise<EndTransactionResult>;
  /** InitProducerId again, between two uses of the slot: aborts what hangs, takes a new producer epoch. */
  reinitialize(wait?: WaitOptions): Promise<void>;
}

/**
 * docs/protocol.md, step 2. `committed`: NONE (for an abort: it is aborted). `aborted`: INVALID_PRODUCER_EPOCH or PRODUCER_FENCED. `unknown`:
 * INVALID_TXN_STATE or INVALID_PRODUCER_ID_MAPPING. `retry`: everything else, and no answer: it must be asked again.
 */
export interface EndTransactionResult {
  readonly outcome: 'committed' | 'aborted' | 'unknown' | 'retry';
  /** Kafka's error code; undefined when there was no answer. */
  readonly errorCode: number | undefined;
  readonly message: string;
}

/** What the log says of a handle: transactions/transaction-verdict-from-log.ts. */
export type LogVerdict = 'committed' | 'aborted' | 'undecided' | 'unreadable';

/*
 * Functions over a ClusterAccess, for recovery and clean-up in another process:
 *   transactions/end-transaction.ts       endTransaction(cluster, handle, 'commit' | 'abort', wait): Promise<EndTransactionResult>
 *   transactions/transaction-verdict-from-log.ts   verdictFromLog(cluster, handle, wait): Promise<LogVerdict>
 *   transactions/init-producer-id.ts      initProducerId(cluster, transactionalId | null, timeoutMs, wait): Promise<{ producerId, producerEpoch }>
 *   transactions/list-transactions.ts     listTransactions(cluster, idPrefix, wait): Promise<{ transactionalId, producerId, state }[]>
 *   transactions/describe-transactions.ts describeTransactions(cluster, ids, wait)
 *   admin/create-topics.ts, admin/delete-topics.ts, admin/describe-configs.ts, admin/group-offsets.ts (commitGroupOffsets, fetchGroupOffsets)
 *   partitioner/murmur2.ts                murmur2(bytes, start, end), partitionOfKey(bytes, start, end, partitionCount)
 */
