import type { Batch } from '@weir/columnar/batch.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { present } from '@weir/kernel/assert.ts';
import type { TimerHandle } from '@weir/kernel/ports.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SinkContext } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import type { Sink, SinkStats } from '../sink.ts';
import { kafkaTableOptions, producerOptionsOf } from './kafka-options.ts';
import { KafkaRowWriter } from './kafka-row-writer.ts';
import { openSinkTopic } from './kafka-sink-topic.ts';
import type { SinkTopic } from './kafka-sink-topic.ts';

/** How long rows wait for others to fill a batch. */
const lingerMs = 10;

/** At least once: rows are visible as they are written; a barrier waits until all of them are acknowledged. */
export class KafkaIdempotentSink implements Sink {
  readonly failed: Promise<never>;
  readonly #node: SinkNode;
  readonly #context: SinkContext;
  readonly #options: Readonly<Record<string, string>>;
  #fail: (error: unknown) => void = () => {};
  #topic: SinkTopic | undefined;
  #producer: IdempotentProducer | undefined;
  #rows: KafkaRowWriter | undefined;
  #linger: TimerHandle | undefined;
  /** Why rows could not be handed to the producer. */
  #error: unknown;
  #records = 0;

  constructor(node: SinkNode, context: SinkContext) {
    this.#node = node;
    this.#context = context;
    this.#options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    this.failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async open(_firstEpoch: number): Promise<void> {
    const topic = await openSinkTopic(this.#node, this.#options, this.#context);
    this.#topic = topic;
    const producer = await IdempotentProducer.open(topic.cluster, producerOptionsOf(this.#options));
    this.#producer = producer;
    this.#rows = new KafkaRowWriter({
      node: this.#node,
      options: this.#options,
      formats: this.#context.formats,
      pipeline: this.#context.pipeline,
      partitions: topic.partitions,
      firstPartition: this.#context.subtask,
      newBatch: () => producer.newBatch(),
      onFull: (partition, batch) => producer.send({ topic: topic.name, partition }, batch),
    });
  }

  write(batch: Batch): void {
    this.#throwIfFailed();
    this.#records += batch.rowCount;
    const rows = present(this.#rows, 'row writer of an open sink');
    rows.write(batch, this.#context.ports.clock.nowMs());
    if (this.#linger === undefined && rows.openBytes > 0) {
      this.#linger = this.#context.ports.timers.after(lingerMs, () => this.#flushRows());
    }
  }

  hasRoom(): boolean {
    this.#throwIfFailed();
    return present(this.#producer, 'producer of an open sink').hasRoom;
  }

  async room(): Promise<void> {
    await present(this.#producer, 'producer of an open sink').waitForRoom();
  }

  async prepare(_epoch: number, _nextEpoch: number): Promise<SinkHandle> {
    this.#throwIfFailed();
    this.#flushRows();
    // What the flush could not hand over fails the barrier too, not `failed` alone: nothing is acknowledged without it.
    if (this.#error !== undefined) throw this.#error;
    await present(this.#producer, 'producer of an open sink').flush();
    return { kind: 'empty' };
  }

  async commit(_epoch: number, _handle: SinkHandle): Promise<void> {}

  stats(): SinkStats {
    return { records: this.#records, bytes: this.#rows?.encodedBytes ?? 0 };
  }

  async close(): Promise<void> {
    this.#linger?.cancel();
    await this.#producer?.close();
    await this.#topic?.cluster.close();
  }

  #flushRows(): void {
    this.#linger?.cancel();
    this.#linger = undefined;
    try {
      this.#rows?.flush();
      this.#throwIfFailed();
    } catch (error) {
      this.#error ??= error;
      this.#fail(error);
    }
  }

  #throwIfFailed(): void {
    const failure = this.#error ?? this.#producer?.failure;
    if (failure === undefined) return;
    this.#fail(failure);
    throw failure;
  }
}
