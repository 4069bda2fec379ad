import type { Batch } from '@weir/columnar/batch.ts';
import {
  closed,
  commitAnswered,
  commitRequested,
  failed,
  initAnswered,
  initSent,
  newSinkTransactions,
  nextForRecords,
  opened,
  prepared,
  slotToInitializeAhead,
} from '@weir/epoch-protocol/sink-transaction.ts';
import type { SinkTransactions } from '@weir/epoch-protocol/sink-transaction.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { formatTransactionalId, slotOf } from '@weir/epoch-protocol/transactional-id.ts';
import type { RecordBatchWriter } from '@weir/kafka/contracts/produce.ts';
import { BatchPool } from '@weir/kafka/produce/batch-pool.ts';
import { TransactionalProducer } from '@weir/kafka/produce/transactional-producer.ts';
import { present } from '@weir/kernel/assert.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SinkContext } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import type { Sink, SinkStats } from '../sink.ts';
import { compressionOf, kafkaTableOptions } from './kafka-options.ts';
import { endTxnAnswer } from './kafka-recovery.ts';
import { KafkaRowWriter } from './kafka-row-writer.ts';
import { openSinkTopic } from './kafka-sink-topic.ts';
import type { SinkTopic } from './kafka-sink-topic.ts';

/** Bytes encoded and not yet handed to a producer, open batches with them, above which the sink takes no more rows. */
const pendingLimitBytes = 16 * 1024 * 1024;
/** Target size of a record batch, below the default `max.message.bytes` of a topic. */
const batchBytes = 960 * 1024;
const commitRetryMs = 5;
const commitRetryMaxMs = 500;

interface PendingBatch {
  readonly partition: number;
  readonly batch: RecordBatchWriter;
  readonly bytes: number;
}

/**
 * Exactly once: every epoch's rows go into a Kafka transaction that stays open (prepared) until the ledger has decided. All rules of
 * transactional ids and their slots are those of libs/epoch-protocol/sink-transaction.ts; this class does the I/O that it asks for.
 *
 * T1  Rows of an epoch are sent only by the slot of that epoch; rows that come while the epoch before waits for its producer wait in `#next`.
 * T2  An epoch is written while the one before is being flushed; in each partition it comes after it.
 */
export class KafkaTransactionalSink implements Sink {
  readonly failed: Promise<never>;
  readonly #node: SinkNode;
  readonly #context: SinkContext;
  readonly #options: Readonly<Record<string, string>>;
  readonly #producers = new Map<number, TransactionalProducer>();
  readonly #pool = new BatchPool(batchBytes);
  readonly #committing = new Map<number, Promise<void>>();
  #fail: (error: unknown) => void = () => {};
  #error: unknown;
  #topic: SinkTopic | undefined;
  #rows: KafkaRowWriter | undefined;
  #transactions: SinkTransactions = newSinkTransactions(1);
  /** Full batches of the current epoch that wait for its producer. */
  #current: PendingBatch[] = [];
  /** Batches of the epoch after it, once the current one's barrier has come. */
  #next: PendingBatch[] = [];
  #closing = false;
  #pendingBytes = 0;
  #openedAtMs = 0;
  #waiters: (() => void)[] = [];
  #records = 0;
  #closed = false;

  constructor(node: SinkNode, context: SinkContext) {
    this.#node = node;
    this.#context = context;
    this.#options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    this.failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async open(firstEpoch: number): Promise<void> {
    this.#transactions = newSinkTransactions(firstEpoch);
    const topic = await openSinkTopic(this.#node, this.#options, this.#context);
    this.#topic = topic;
    this.#checkTimeout(topic.transactionTimeoutMs);
    this.#rows = new KafkaRowWriter({
      node: this.#node,
      options: this.#options,
      partitions: topic.partitions,
      firstPartition: this.#context.subtask,
      newBatch: () => this.#pool.take(),
      onFull: (partition, batch) => this.#enqueue(partition, batch),
    });
    // The first slot's producer is asked for at once: the first rows need not wait for it.
    this.#pump();
  }

  /** A transaction must outlive its epoch, the next one, and a recovery. */
  #checkTimeout(timeoutMs: number): void {
    const leastMs = 2 * this.#context.checkpointIntervalMs + 60_000;
    if (timeoutMs >= leastMs) return;
    throw new WeirError(
      'WEIR-3206',
      `table ${this.#node.table}: a transaction timeout of ${formatDurationMs(timeoutMs)} is too short for a checkpoint interval of ${formatDurationMs(this.#context.checkpointIntervalMs)}`,
      {
        hint: `at least ${formatDurationMs(leastMs)}: raise 'sink.transaction_timeout' or the brokers' transaction.max.timeout.ms, or shorten the interval`,
      },
    );
  }

  write(batch: Batch): void {
    this.#throwIfFailed();
    this.#records += batch.rowCount;
    const rows = present(this.#rows, 'row writer of an open sink');
    rows.write(batch, this.#context.ports.clock.nowMs());
    // Of many partitions the batches that aren't full yet are the most of it: they go as they are rather than fill the memory.
    if (this.#pendingBytes + rows.openBytes >= pendingLimitBytes) rows.flush();
  }

  hasRoom(): boolean {
    this.#throwIfFailed();
    return this.#heldBytes < pendingLimitBytes && (this.#producer()?.hasRoom ?? true);
  }

  /** Encoded, in batches that wait or aren't full yet. */
  get #heldBytes(): number {
    return this.#pendingBytes + (this.#rows?.openBytes ?? 0);
  }

  async room(): Promise<void> {
    while (!this.hasRoom()) {
      const producer = this.#producer();
      const blockedByProducer = this.#heldBytes < pendingLimitBytes && producer?.hasRoom === false;
      if (blockedByProducer) await producer.waitForRoom();
      else await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async prepare(epoch: number, _nextEpoch: number): Promise<SinkHandle> {
    this.#throwIfFailed();
    present(this.#rows, 'row writer of an open sink').flush();
    this.#closing = true; // T1: from here on rows go to `#next`
    try {
      await this.#untilSent();
      this.#transactions = closed(this.#transactions, epoch);
      const openedAtMs = this.#openedAtMs;
      this.#closing = false;
      this.#current = this.#next;
      this.#next = [];
      this.#pump();
      return await this.#flushTransaction(epoch, openedAtMs);
    } catch (error) {
      throw this.#failWith(error);
    }
  }

  /** Waits until every batch of the current epoch was handed to its producer. */
  async #untilSent(): Promise<void> {
    this.#pump();
    while (this.#current.length > 0) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
      this.#throwIfFailed();
    }
  }

  async #flushTransaction(epoch: number, openedAtMs: number): Promise<SinkHandle> {
    const slot = present(this.#transactions.slots[slotOf(epoch)], 'slot of an epoch');
    const isOpen = slot.status === 'open' && slot.epoch === epoch;
    if (!isOpen) {
      const step = prepared(this.#transactions, epoch, null);
      this.#transactions = step.state;
      return step.handle;
    }
    const producer = present(this.#producers.get(slotOf(epoch)), 'producer of an open slot');
    await producer.flush();
    const saved = producer.handle();
    const firstOffsets = saved.kind === 'empty' ? {} : saved.firstOffsets;
    const step = prepared(this.#transactions, epoch, {
      transactionalId: producer.transactionalId,
      firstOffsets: Object.fromEntries(
        Object.entries(firstOffsets).map(([key, offset]) => {
          const hyphen = key.lastIndexOf('-');
          return [`${key.slice(0, hyphen)}/${key.slice(hyphen + 1)}`, String(offset)];
        }),
      ),
      openedAtMs,
      timeoutMs: this.#sinkTopic().transactionTimeoutMs,
    });
    this.#transactions = step.state;
    return step.handle;
  }

  async commit(epoch: number, handle: SinkHandle): Promise<void> {
    this.#throwIfFailed();
    if (handle.kind === 'file')
      throw new WeirError('WEIR-7301', 'a Kafka sink was given the handle of a file');
    const { state, next } = commitRequested(this.#transactions, epoch, handle);
    this.#transactions = state;
    if (next.step === 'end-transaction') this.#committing.set(epoch, this.#endTransaction(epoch));
    await this.#committing.get(epoch);
    this.#pump();
  }

  async #endTransaction(epoch: number): Promise<void> {
    const producer = present(this.#producers.get(slotOf(epoch)), 'producer of a prepared slot');
    try {
      for (let delayMs = commitRetryMs; ; delayMs = Math.min(delayMs * 2, commitRetryMaxMs)) {
        const result = await producer.commit();
        const answer = endTxnAnswer(result);
        this.#transactions = commitAnswered(this.#transactions, epoch, answer);
        if (answer === 'NONE') return;
        if (this.#transactions.failure !== null) {
          throw new WeirError(
            'WEIR-7302',
            `table ${this.#node.table}: ${this.#transactions.failure}: ${result.message}`,
            {
              disposition: 'retry',
            },
          );
        }
        await this.#context.ports.timers.sleep(delayMs);
        if (this.#closed)
          throw new WeirError('WEIR-7303', 'the sink was closed while it committed', {
            disposition: 'retry',
          });
      }
    } catch (error) {
      throw this.#failWith(error);
    } finally {
      this.#committing.delete(epoch);
    }
  }

  stats(): SinkStats {
    return { records: this.#records, bytes: this.#rows?.encodedBytes ?? 0 };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await Promise.all([...this.#producers.values()].map((producer) => producer.close()));
    await this.#topic?.cluster.close();
  }

  #enqueue(partition: number, batch: RecordBatchWriter): void {
    const bytes = batch.byteLength;
    this.#pendingBytes += bytes;
    (this.#closing ? this.#next : this.#current).push({ partition, batch, bytes });
    if (!this.#closing) this.#pump();
  }

  /** Does what the slots allow now: sends what waits, initializes the slot that is needed, and the one after it ahead. */
  #pump(): void {
    if (this.#error !== undefined || this.#closed) return;
    if (this.#current.length > 0) {
      const step = nextForRecords(this.#transactions);
      if (step.step === 'initialize') this.#initialize(step.slot);
      if (step.step === 'write') this.#sendCurrent(step.slot);
    } else if (nextForRecords(this.#transactions).step === 'initialize') {
      this.#initialize(slotOf(this.#transactions.epoch));
    }
    const ahead = slotToInitializeAhead(this.#transactions);
    if (ahead !== null) this.#initialize(ahead);
    this.#wake();
  }

  #sendCurrent(slot: number): void {
    const producer = present(this.#producers.get(slot), 'producer of an initialized slot');
    if (this.#transactions.slots[slot]?.status !== 'open') {
      this.#openedAtMs = this.#context.ports.clock.nowMs();
      const before = this.#producers.get(slotOf(this.#transactions.epoch - 1));
      if (before !== undefined) producer.follow(before); // T2
    }
    this.#transactions = opened(this.#transactions);
    for (const { partition, batch, bytes } of this.#current.splice(0)) {
      this.#pendingBytes -= bytes;
      producer.send({ topic: this.#sinkTopic().name, partition }, batch);
    }
  }

  #initialize(slot: number): void {
    this.#transactions = initSent(this.#transactions, slot);
    this.#producerFor(slot)
      .then((producer) => {
        if (this.#error !== undefined || this.#closed) return;
        const { producerId, producerEpoch } = producer;
        this.#transactions = initAnswered(this.#transactions, slot, { producerId, producerEpoch });
        this.#pump(); // throws what the producer of another slot has failed with
      })
      .catch((error: unknown) => this.#failWith(error));
  }

  async #producerFor(slot: number): Promise<TransactionalProducer> {
    const existing = this.#producers.get(slot);
    if (existing !== undefined) {
      await existing.reinitialize();
      return existing;
    }
    const { clusterName: cluster, pipeline, pipelineId } = this.#context;
    const id = formatTransactionalId({
      scope: { cluster, pipeline, pipelineId },
      g: this.#context.generation,
      sink: this.#context.operator,
      subtask: this.#context.subtask,
      slot,
    });
    const topic = this.#sinkTopic();
    const producer = await TransactionalProducer.open(topic.cluster, id, {
      compression: compressionOf(this.#options),
      batchBytes,
      pool: this.#pool,
      transactionTimeoutMs: topic.transactionTimeoutMs,
    });
    this.#producers.set(slot, producer);
    return producer;
  }

  #producer(): TransactionalProducer | undefined {
    return this.#producers.get(slotOf(this.#transactions.epoch));
  }

  #sinkTopic(): SinkTopic {
    return present(this.#topic, 'topic of an open sink');
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
    const failure = this.#producer()?.failure;
    if (failure !== undefined) throw this.#failWith(failure);
  }

  #failWith(error: unknown): unknown {
    if (this.#error === undefined) {
      this.#error = error;
      this.#transactions = failed(this.#transactions, String(error));
      this.#fail(error);
      this.#wake();
    }
    return this.#error;
  }
}
