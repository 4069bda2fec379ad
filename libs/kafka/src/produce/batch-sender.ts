import { assert, present } from '@weir/kernel/assert.ts';
import { dispositionOf, WeirError } from '@weir/kernel/errors.ts';
import {
  brokerAnswerError,
  brokerError,
  brokerErrorName,
  isRepeatable,
  NoAnswerError,
} from '../broker-errors.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { TopicPartition, WaitOptions } from '../contracts/cluster.ts';
import type { BatchProducer, ProducerOptions, RecordBatchWriter } from '../contracts/produce.ts';
import { backOffMs, Deadline, raceSignal } from '../deadline.ts';
import { BatchWriter } from '../record-batch/batch-writer.ts';
import { requestProduce } from '../requests/produce.ts';
import type { ProduceAnswer } from '../requests/produce.ts';
import { topicPartitionKey } from '../topic-partition.ts';
import { PartitionQueue } from './partition-queue.ts';
import type { OutgoingBatch } from './partition-queue.ts';
import { BatchPool } from './batch-pool.ts';
import { messageTooLarge } from './too-large.ts';

const defaults = {
  compression: 'none',
  batchBytes: 960 * 1024,
  bufferBytes: 16 * 1024 * 1024,
  maxInFlight: 5,
  deliveryTimeoutMs: 120_000,
} as const;
/** Batches of several partitions share a request up to this size. */
const requestBytes = 4 * 1024 * 1024;

/** Options of our own beside the contract's. */
export interface BatchSenderOptions extends ProducerOptions {
  /** Shared with other producers; one of its own without it. */
  readonly pool?: BatchPool;
}

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

interface Sending {
  readonly queue: PartitionQueue;
  readonly batch: OutgoingBatch;
}

/**
 * What idempotent and transactional producers share: queues by partition, requests by broker, retries, back-pressure.
 *
 * Invariants:
 * S1 One batch of a partition is under way at a time, and a retry sends the identical bytes.
 * S2 A failure that may have left a gap or can't be healed is sticky: nothing is sent after it.
 * S3 What follows another producer sends nothing to a partition for which that one has batches left: the partition keeps their order.
 */
export abstract class BatchSender implements BatchProducer {
  protected readonly cluster: KafkaCluster;
  protected readonly options: Required<ProducerOptions>;
  readonly #pool: BatchPool;
  protected readonly queues = new Map<string, PartitionQueue>();
  readonly #inFlightByBroker = new Map<number, number>();
  #bufferedBytes = 0;
  #failure: Error | undefined;
  #waiters: (() => void)[] = [];
  #pumpQueued = false;
  #wakeTimer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #before: BatchSender | undefined;
  #follower: BatchSender | undefined;
  protected closed = false;

  constructor(cluster: KafkaCluster, options: BatchSenderOptions) {
    this.cluster = cluster;
    const { pool, ...rest } = options;
    this.options = { ...defaults, ...rest };
    this.#pool = pool ?? new BatchPool(this.options.batchBytes);
  }

  /** Who sends. */
  protected abstract identity(): ProducerIdentity;
  protected abstract get transactional(): string | null;
  /** Called before every pump with the partitions that have batches: those that may not be sent to yet are left out of the answer. */
  protected abstract mayBeSent(queue: PartitionQueue): boolean;
  protected abstract refuseSend(): void;

  get failure(): Error | undefined {
    return this.#failure;
  }

  get hasRoom(): boolean {
    return this.#bufferedBytes < this.options.bufferBytes;
  }

  newBatch(): RecordBatchWriter {
    return this.#pool.take();
  }

  send({ topic, partition }: TopicPartition, batch: RecordBatchWriter): void {
    assert(batch instanceof BatchWriter, 'a batch comes from newBatch()');
    if (batch.recordCount === 0) return this.#pool.giveBack(batch);
    if (this.#failure !== undefined) throw this.#failure;
    this.refuseSend();
    const key = topicPartitionKey(topic, partition);
    let queue = this.queues.get(key);
    if (queue === undefined) {
      queue = new PartitionQueue(topic, partition);
      this.queues.set(key, queue);
    }
    const outgoing: OutgoingBatch = {
      writer: batch,
      bytes: batch.byteLength,
      sinceMs: performance.now(),
      sealed: false,
      baseSequence: -1,
      stamped: undefined,
    };
    queue.batches.push(outgoing);
    this.#bufferedBytes += outgoing.bytes;
    batch.seal(this.options.compression, this.transactional !== null).then(
      () => {
        outgoing.sealed = true;
        this.schedulePump();
      },
      (error: unknown) => this.fail(error),
    );
  }

  async waitForRoom(signal?: AbortSignal): Promise<void> {
    while (!this.hasRoom && this.#failure === undefined) await this.#changed(signal);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async flush(wait?: WaitOptions): Promise<void> {
    const deadline = new Deadline(wait, this.options.deliveryTimeoutMs);
    while (this.#failure === undefined && this.hasUnacknowledged) {
      const left = deadline.leftMs;
      if (left === 0) {
        throw new WeirError('WEIR-4024', 'the batches sent to Kafka are not acknowledged yet', {
          disposition: 'retry',
        });
      }
      const timeout = AbortSignal.timeout(Math.ceil(left));
      const signal = wait?.signal === undefined ? timeout : AbortSignal.any([wait.signal, timeout]);
      await this.#changed(signal).catch((error: unknown) => {
        if (!timeout.aborted || wait?.signal?.aborted === true) throw error;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  protected get hasUnacknowledged(): boolean {
    return this.#bufferedBytes > 0;
  }

  #changed(signal: AbortSignal | undefined): Promise<void> {
    return raceSignal(new Promise<void>((resolve) => this.#waiters.push(resolve)), signal);
  }

  #tell(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  /** Nothing of this producer overtakes what `before` has been given so far. S3 */
  follow(before: BatchSender): void {
    this.#before = before;
    before.#follower = this;
  }

  #isAhead({ topic, partition }: PartitionQueue): boolean {
    const queue = this.#before?.queues.get(topicPartitionKey(topic, partition));
    return queue !== undefined && queue.batches.length > 0;
  }

  protected fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#tell();
  }

  /** Forgets sequences and offsets: after InitProducerId. */
  protected forgetPartitions(): void {
    assert(!this.hasUnacknowledged, 'a producer is initialized anew only when nothing is under way');
    this.queues.clear();
  }

  protected schedulePump(): void {
    if (this.#pumpQueued || this.closed) return;
    this.#pumpQueued = true;
    queueMicrotask(() => {
      this.#pumpQueued = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.closed || this.#failure !== undefined) return;
    const now = performance.now();
    let leaderMissing = false;
    let wakeMs = Infinity;
    const byLeader = new Map<number, Sending[]>();
    for (const queue of this.queues.values()) {
      const batch = queue.ready(now);
      if (batch === undefined) {
        if (queue.batches.length > 0 && queue.notBeforeMs > now)
          wakeMs = Math.min(wakeMs, queue.notBeforeMs - now);
        continue;
      }
      if (now - batch.sinceMs > this.options.deliveryTimeoutMs) return this.fail(this.#overdue(queue));
      if (!this.mayBeSent(queue) || this.#isAhead(queue)) continue;
      const leader = this.cluster.leaderOf(queue.topic, queue.partition);
      if (leader === undefined) {
        leaderMissing = true;
        continue;
      }
      const list = byLeader.get(leader);
      if (list === undefined) byLeader.set(leader, [{ queue, batch }]);
      else list.push({ queue, batch });
    }
    for (const [leader, list] of byLeader) this.#sendTo(leader, list);
    if (leaderMissing) this.#refresh();
    if (wakeMs < Infinity) {
      clearTimeout(this.#wakeTimer);
      this.#wakeTimer = setTimeout(() => this.schedulePump(), wakeMs);
    }
  }

  #overdue(queue: PartitionQueue): WeirError {
    return new WeirError(
      'WEIR-4024',
      `a batch for ${queue.topic}-${queue.partition} was not taken within ${this.options.deliveryTimeoutMs} ms`,
      { disposition: 'retry', hint: 'see the brokers and the in-sync replicas of the partition' },
    );
  }

  /** Several partitions' batches share a request; no more than maxInFlight requests are under way. */
  #sendTo(leader: number, list: readonly Sending[]): void {
    let start = 0;
    while (start < list.length) {
      const running = this.#inFlightByBroker.get(leader) ?? 0;
      if (running >= this.options.maxInFlight) return;
      let end = start;
      let bytes = 0;
      while (
        end < list.length &&
        (end === start || bytes + present(list[end], 'a batch').batch.bytes <= requestBytes)
      ) {
        bytes += present(list[end], 'a batch').batch.bytes;
        end += 1;
      }
      const group = list.slice(start, end);
      for (const { queue } of group) queue.inFlight = true;
      this.#inFlightByBroker.set(leader, running + 1);
      void this.#request(leader, group);
      start = end;
    }
  }

  async #request(leader: number, group: readonly Sending[]): Promise<void> {
    try {
      const connection = await this.cluster.connectionTo(leader, 'produce');
      if (this.closed || this.#failure !== undefined) return;
      const { producerId, producerEpoch } = this.identity();
      const entries = group.map(({ queue, batch }) => ({
        topic: queue.topic,
        partition: queue.partition,
        batch: queue.stamp(batch, producerId, producerEpoch),
      }));
      const timeoutMs = this.cluster.requestTimeoutMs;
      const answers = await requestProduce(
        connection,
        this.transactional,
        entries,
        timeoutMs,
        timeoutMs + 5_000,
      );
      await Promise.all(group.map((sending) => this.#settle(sending, answers)));
    } catch (error) {
      if (!(error instanceof NoAnswerError)) this.fail(error);
      const reason = error instanceof Error ? error.message : String(error);
      for (const { queue } of group) this.#retry(queue, reason);
      this.#refresh();
    } finally {
      this.#inFlightByBroker.set(leader, (this.#inFlightByBroker.get(leader) ?? 1) - 1);
      for (const { queue } of group) queue.inFlight = false;
      this.schedulePump();
      this.#follower?.schedulePump();
      this.#tell();
    }
  }

  async #settle({ queue, batch }: Sending, answers: readonly ProduceAnswer[]): Promise<void> {
    const answer = answers.find((a) => a.partition === queue.partition && a.topic === queue.topic);
    const code = answer?.errorCode ?? brokerError.networkException;
    if (code === brokerError.none || code === brokerError.duplicateSequence) {
      if (queue.firstOffset < 0 && answer !== undefined) queue.firstOffset = answer.baseOffset;
      queue.failures = 0;
      queue.batches.shift();
      this.#bufferedBytes -= batch.bytes;
      this.#pool.giveBack(batch.writer);
      return;
    }
    if (isRepeatable(code)) {
      this.#retry(queue, brokerErrorName(code));
      return this.#refresh();
    }
    if (code === brokerError.messageTooLarge || code === brokerError.recordListTooLarge) {
      this.fail(await messageTooLarge(this.cluster, queue.topic, queue.partition, batch.writer));
      return;
    }
    const place = `${queue.topic}-${queue.partition}`;
    this.fail(
      brokerAnswerError(
        code,
        `take a batch of ${batch.writer.recordCount} records for ${place}`,
        answer?.message,
      ),
    );
  }

  #retry(queue: PartitionQueue, reason: string): void {
    queue.failures += 1;
    queue.notBeforeMs = performance.now() + backOffMs(queue.failures);
    this.cluster.options.log?.('warn', 'a batch is sent to Kafka again', {
      topic: queue.topic,
      partition: queue.partition,
      attempt: queue.failures,
      reason,
    });
  }

  /** Leaders of all topics with batches, once at a time; failures come again with the next pump. */
  #refresh(): void {
    this.#refreshing ??= this.#refreshOnce()
      .catch((error: unknown) => {
        if (dispositionOf(error) !== 'retry') this.fail(error);
        else this.#delayAll();
      })
      .finally(() => {
        this.#refreshing = undefined;
        this.schedulePump();
      });
  }

  async #refreshOnce(): Promise<void> {
    const topics = [...new Set([...this.queues.values()].map((queue) => queue.topic))];
    const answer = await this.cluster.refreshMetadata(topics, { deadlineMs: 5_000 });
    for (const queue of this.queues.values()) {
      const topic = answer.topics.find((entry) => entry.topic === queue.topic);
      if (topic?.errorCode === brokerError.unknownTopicOrPartition && queue.failures >= 8) {
        throw await this.cluster.missingTopic(queue.topic);
      }
      if (this.cluster.leaderOf(queue.topic, queue.partition) === undefined) this.#retry(queue, 'no leader');
      if (topic?.errorCode === 0 && !topic.partitions.some((p) => p.partition === queue.partition)) {
        throw new WeirError('WEIR-4003', `topic '${queue.topic}' has no partition ${queue.partition}`);
      }
    }
  }

  #delayAll(): void {
    for (const queue of this.queues.values()) {
      if (queue.batches.length > 0) this.#retry(queue, 'no broker answers');
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.#wakeTimer);
    this.fail(new WeirError('WEIR-4030', 'this producer was closed'));
    await this.#refreshing;
  }
}
