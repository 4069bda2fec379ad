import type { Batch } from '@weir/columnar/batch.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { formatTransactionalId } from '@weir/epoch-protocol/transactional-id.ts';
import { BatchPool } from '@weir/kafka/produce/batch-pool.ts';
import { TransactionalProducer } from '@weir/kafka/produce/transactional-producer.ts';
import { assert } from '@weir/kernel/assert.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SinkContext } from '../../connector.ts';
import { fillOptions } from '../../options/fill-variables.ts';
import type { Sink, SinkStats } from '../../sink.ts';
import { kafkaTableOptions, producerOptionsOf } from '../kafka-options.ts';
import { KafkaRowWriter } from '../kafka-row-writer.ts';
import { openSinkTopic, type SinkTopic } from '../kafka-sink-topic.ts';
import { BatchQueue } from './batch-queue.ts';
import {
  isLive,
  queueOfRows,
  type ClosingEpoch,
  type OpenSink,
  type SinkPhase,
  type Writing,
} from './sink-phase.ts';
import { closedWhile, TransactionSlots } from './transaction-slots.ts';

/** Bytes encoded and not yet handed to a producer, open batches with them, above which the sink takes no more rows. */
const pendingLimitBytes = 16 * 1024 * 1024;
/** Target size of a record batch, below the default `max.message.bytes` of a topic. */
const defaultBatchBytes = 960 * 1024;

/**
 * Exactly once: every epoch's rows go into a Kafka transaction that stays open (prepared) until the ledger has decided. What it does is
 * a matter of its phase (sink-phase.ts); its transactions are TransactionSlots'.
 *
 * T1  Rows of an epoch are sent only by the slot of that epoch; rows that come while the epoch before waits for its producer wait in a
 *     queue of their own.
 */
export class KafkaTransactionalSink implements Sink {
  readonly failed: Promise<never>;
  readonly #node: SinkNode;
  readonly #context: SinkContext;
  readonly #options: Readonly<Record<string, string>>;
  readonly #producing: ReturnType<typeof producerOptionsOf>;
  readonly #pool: BatchPool;
  #phase: SinkPhase = { kind: 'opening' };
  /** What there is to close, in whatever phase. */
  #open: OpenSink | undefined;
  #reject: (error: unknown) => void = () => {};
  /** Those who wait for room. */
  #waiters: (() => void)[] = [];
  #records = 0;

  constructor(node: SinkNode, context: SinkContext) {
    this.#node = node;
    this.#context = context;
    this.#options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    this.#producing = { batchBytes: defaultBatchBytes, ...producerOptionsOf(this.#options) };
    this.#pool = new BatchPool(this.#producing.batchBytes ?? defaultBatchBytes);
    this.failed = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    this.failed.catch(() => {});
  }

  async open(firstEpoch: number): Promise<void> {
    const topic = await openSinkTopic(this.#node, this.#options, this.#context);
    this.#open = { topic, rows: this.#rowWriter(topic), slots: this.#transactionSlots(topic, firstEpoch) };
    this.#checkTimeout(topic.transactionTimeoutMs);
    if (this.#phase.kind !== 'opening') return; // closed meanwhile: whoever did closes what there is now, too
    this.#phase = { kind: 'writing', open: this.#open, queue: new BatchQueue() };
    // The first slot's producer is asked for at once: the first rows need not wait for it.
    this.#pump();
  }

  #rowWriter(topic: SinkTopic): KafkaRowWriter {
    return new KafkaRowWriter({
      node: this.#node,
      options: this.#options,
      formats: this.#context.formats,
      pipeline: this.#context.pipeline,
      partitions: topic.partitions,
      firstPartition: this.#context.subtask,
      newBatch: () => this.#pool.take(),
      onFull: (partition, batch) => {
        queueOfRows(this.#live()).push(partition, batch);
        if (this.#phase.kind === 'writing') this.#pump();
      },
    });
  }

  #transactionSlots(topic: SinkTopic, firstEpoch: number): TransactionSlots {
    const { clock, timers } = this.#context.ports;
    return new TransactionSlots({
      firstEpoch,
      table: this.#node.table,
      topic: topic.name,
      transactionTimeoutMs: topic.transactionTimeoutMs,
      openProducer: (slot) => this.#openProducer(topic, slot),
      clock,
      timers,
      onReady: () => this.#pump(),
      onFailure: (error) => void this.#failWith(error),
    });
  }

  #openProducer(topic: SinkTopic, slot: number): Promise<TransactionalProducer> {
    const {
      clusterName: cluster,
      pipeline,
      pipelineId,
      generation: g,
      operator: sink,
      subtask,
    } = this.#context;
    const id = formatTransactionalId({ scope: { cluster, pipeline, pipelineId }, g, sink, subtask, slot });
    return TransactionalProducer.open(topic.cluster, id, {
      ...this.#producing,
      pool: this.#pool,
      transactionTimeoutMs: topic.transactionTimeoutMs,
    });
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
    const { rows } = this.#live().open;
    this.#records += batch.rowCount;
    rows.write(batch, this.#context.ports.clock.nowMs());
    // Of many partitions the batches that aren't full yet are the most of it: they go as they are rather than fill the memory.
    if (heldBytes(this.#live()) >= pendingLimitBytes) rows.flush();
  }

  hasRoom(): boolean {
    const phase = this.#live();
    return heldBytes(phase) < pendingLimitBytes && (phase.open.slots.producer?.hasRoom ?? true);
  }

  async room(): Promise<void> {
    while (!this.hasRoom()) {
      const phase = this.#live();
      const { producer } = phase.open.slots;
      const blockedByProducer = heldBytes(phase) < pendingLimitBytes && producer?.hasRoom === false;
      if (blockedByProducer) await producer.waitForRoom();
      else await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async prepare(epoch: number, _nextEpoch: number): Promise<SinkHandle> {
    const { open } = this.#live();
    try {
      open.rows.flush();
      const phase = this.#live();
      assert(phase.kind === 'writing', 'epochs are closed one after the other');
      const { queue } = phase;
      const closing: ClosingEpoch = {
        kind: 'closing',
        open,
        queue,
        next: new BatchQueue(),
        sent: Promise.withResolvers<void>(),
      };
      closing.sent.promise.catch(() => {}); // it may fail before it is awaited
      this.#phase = closing; // T1: from here on rows go to `next`
      this.#pump();
      await closing.sent.promise;
      assert(this.#live() === closing, 'an epoch is closed by whoever began to');
      const transaction = open.slots.closeEpoch(epoch);
      this.#phase = { kind: 'writing', open, queue: closing.next };
      this.#pump();
      return await open.slots.flush(epoch, transaction);
    } catch (error) {
      throw this.#failWith(error);
    }
  }

  async commit(epoch: number, handle: SinkHandle): Promise<void> {
    const { slots } = this.#live().open;
    if (handle.kind === 'file')
      throw new WeirError('WEIR-7301', 'a Kafka sink was given the handle of a file');
    try {
      await slots.commit(epoch, handle);
      this.#pump();
    } catch (error) {
      throw this.#failWith(error);
    }
  }

  stats(): SinkStats {
    return { records: this.#records, bytes: this.#open?.rows.encodedBytes ?? 0 };
  }

  async close(): Promise<void> {
    const before = this.#phase;
    this.#phase = { kind: 'closed' };
    if (before.kind === 'closing') before.sent.reject(closedWhile('an epoch was closed'));
    this.#wake();
    await this.#open?.slots.close();
    await this.#open?.topic.cluster.close();
  }

  /** Sends what may be sent now, and tells those who wait for that. */
  #pump(): void {
    const phase = this.#phase;
    if (!isLive(phase)) return;
    phase.open.slots.pump(phase.queue);
    if (phase.kind === 'closing' && phase.queue.isEmpty) phase.sent.resolve();
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /** @throws what it has failed with */
  #live(): Writing | ClosingEpoch {
    const phase = this.#phase;
    if (phase.kind === 'failed') throw phase.error;
    if (phase.kind === 'closed') throw closedWhile('it was used');
    assert(phase.kind !== 'opening', 'a sink is used once it is open');
    const failure = phase.open.slots.producer?.failure;
    if (failure !== undefined) throw this.#failWith(failure);
    return phase;
  }

  /** The first failure stays. Returns what is to be thrown. */
  #failWith(error: unknown): unknown {
    const phase = this.#phase;
    if (phase.kind === 'failed') return phase.error;
    if (phase.kind === 'closed') return error;
    this.#phase = { kind: 'failed', error };
    if (phase.kind !== 'opening') phase.open.slots.end(error);
    if (phase.kind === 'closing') phase.sent.reject(error);
    this.#reject(error);
    this.#wake();
    return error;
  }
}

/** Encoded, in batches that wait or aren't full yet. */
function heldBytes(phase: Writing | ClosingEpoch): number {
  const waiting = phase.queue.bytes + (phase.kind === 'closing' ? phase.next.bytes : 0);
  return waiting + phase.open.rows.openBytes;
}
