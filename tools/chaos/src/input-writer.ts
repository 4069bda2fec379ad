import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { TransactionalProducer } from '@weir/kafka/produce/transactional-producer.ts';
import { present } from '@weir/kernel/assert.ts';
import { disorderMs, partitions } from './chaos-pipeline.ts';
import { badText } from './expected-output.ts';
import { InputProducer } from './input-producer.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';

export interface InputWriterOptions {
  readonly topic: string;
  readonly seed: number;
  /** Records written a second; about a sixth of them is aborted. */
  readonly perSecond: number;
  readonly say: (line: string) => void;
}

/** Event time of the first record. */
const firstEventMs = Date.UTC(2026, 0, 1);
const transactionMs = 100;
/** Of so many records one is bad. */
const badEvery = 13;
const abortedShare = 1 / 6;
/** After Kafka was away, what was due meanwhile comes in several transactions: a partition's part of one is a single batch. */
const mostRecords = 6000;

/**
 * Writes records in transactions, some of which it aborts; a second writer's transactions lie between them in the same
 * partitions and are always aborted. Both go on when Kafka was away. What counts as input is what a reader of committed records finds, not what this
 * class believes.
 */
export class InputWriter {
  readonly #options: InputWriterOptions;
  readonly #rng: SeededRandom;
  readonly #main: InputProducer;
  readonly #stray: InputProducer;
  readonly #startMs = performance.now();
  #stopping = false;
  #nextId = 0;
  #committed = 0;
  #loops: Promise<unknown>;

  private constructor(options: InputWriterOptions, main: InputProducer, stray: InputProducer) {
    this.#options = options;
    this.#rng = new SeededRandom(options.seed ^ 0x5eed);
    this.#main = main;
    this.#stray = stray;
    this.#loops = Promise.all([this.#writeMain(), this.#writeStray()]);
    this.#loops.catch(() => undefined); // told by stop()
  }

  static async start(cluster: KafkaCluster, options: InputWriterOptions): Promise<InputWriter> {
    const main = await InputProducer.open(cluster, `${options.topic}-writer`, options.say);
    const stray = await InputProducer.open(cluster, `${options.topic}-stray`, options.say);
    return new InputWriter(options, main, stray);
  }

  /** As far as it is known for certain: of a transaction whose end was not answered it isn't. */
  get committed(): number {
    return this.#committed;
  }

  /** Committed records a second since the start. */
  get rate(): number {
    return (this.#committed * 1000) / (performance.now() - this.#startMs);
  }

  /**
   * Ends the input: a last committed record in every partition lies an hour ahead in event time, so that all windows
   * before it close. @throws what went wrong while writing
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#loops;
    const aheadMs = firstEventMs + Math.floor((this.#nextId * 1000) / this.#options.perSecond) + 3_600_000;
    // Those that may have been committed unknown to us do no harm: the same event time, and nothing that is kept.
    while (!(await this.#transaction(this.#main, partitions, 'commit', () => aheadMs)));
    await Promise.all([this.#main.close(), this.#stray.close()]);
  }

  async #writeMain(): Promise<void> {
    while (!this.#stopping) {
      const due = Math.floor(((performance.now() - this.#startMs) * this.#options.perSecond) / 1000);
      const count = Math.min(due - this.#nextId, mostRecords);
      if (count > 0) {
        const end = this.#rng.next() < abortedShare ? 'abort' : 'commit';
        await this.#transaction(this.#main, count, end);
      }
      await pause(transactionMs / 2 + this.#rng.below(transactionMs));
    }
  }

  /** Ids below zero never reach an output: the transactions that hold them are all aborted. */
  async #writeStray(): Promise<void> {
    const rng = new SeededRandom(this.#options.seed ^ 0x57a4);
    while (!this.#stopping) {
      await this.#transaction(this.#stray, 1 + rng.below(20), 'abort', () => firstEventMs, -1);
      await pause(rng.below(4 * transactionMs));
    }
  }

  /** @returns false when it is not known to have ended so */
  async #transaction(
    producer: InputProducer,
    count: number,
    end: 'commit' | 'abort',
    eventMs?: () => number,
    stray?: number,
  ): Promise<boolean> {
    const ended = await producer.transaction(end, (sender) => this.#send(sender, count, eventMs, stray));
    if (ended && end === 'commit') this.#committed += count;
    return ended;
  }

  #send(producer: TransactionalProducer, count: number, eventMs?: () => number, stray?: number): void {
    const writers = Array.from({ length: partitions }, () => producer.newBatch());
    for (let done = 0; done < count; done += 1) {
      const id = stray ?? this.#nextId++;
      const partition = id < 0 ? done % partitions : id % partitions;
      const value = Buffer.from(this.#text(id, eventMs?.()));
      const writer = present(writers[partition], 'batch of a partition');
      writer.reserve(value.length);
      writer.buffer.set(value, writer.valueStart);
      writer.commitRecord(writer.valueStart + value.length, Date.now());
    }
    for (const [partition, writer] of writers.entries())
      producer.send({ topic: this.#options.topic, partition }, writer);
  }

  /** Some can't be read: they are dead letters. */
  #text(id: number, eventMs?: number): string {
    const record = this.#record(id, eventMs);
    return eventMs === undefined && id % badEvery === 5 ? badText(id) : JSON.stringify(record);
  }

  #record(id: number, eventMs?: number): Record<string, unknown> {
    const mixed = Math.imul(id + 1, 0x9e3779b1) >>> 0;
    const inOrderMs = firstEventMs + Math.floor((id * 1000) / this.#options.perSecond);
    // A last record (an event time is given) is dropped by the filter: 9 % 10 is above 6.
    const v = eventMs === undefined ? mixed % 1000 : 9;
    return { id, k: mixed % 20, v, note: `n${mixed % 7}`, ts: eventMs ?? inOrderMs - (mixed % disorderMs) };
  }
}
