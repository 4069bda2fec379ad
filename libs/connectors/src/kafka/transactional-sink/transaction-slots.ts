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
import type { EmptyHandle, KafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { slotOf } from '@weir/epoch-protocol/transactional-id.ts';
import type { TransactionalProducer } from '@weir/kafka/produce/transactional-producer.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Clock, Timers } from '@weir/kernel/ports.ts';
import { endTxnAnswer } from '../kafka-recovery.ts';
import type { BatchQueue } from './batch-queue.ts';

const commitRetryMs = 5;
const commitRetryMaxMs = 500;

export interface SlotParts {
  readonly firstEpoch: number;
  readonly table: string;
  readonly topic: string;
  readonly transactionTimeoutMs: number;
  /** Sends InitProducerId for the first use of a slot. */
  readonly openProducer: (slot: number) => Promise<TransactionalProducer>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A slot was initialized: what waits may go. */
  readonly onReady: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * The transactional ids of one sink subtask and their producers. All rules are those of libs/epoch-protocol/sink-transaction.ts; this
 * class does the I/O that they ask for.
 *
 * T2  An epoch is written while the one before is being flushed; in each partition it comes after it.
 */
export class TransactionSlots {
  readonly #parts: SlotParts;
  readonly #producers = new Map<number, TransactionalProducer>();
  readonly #committing = new Map<number, Promise<void>>();
  #state: SinkTransactions;
  #openedAtMs = 0;
  #ended = false;

  constructor(parts: SlotParts) {
    this.#parts = parts;
    this.#state = newSinkTransactions(parts.firstEpoch);
  }

  /** Of the current epoch, once its slot has one. */
  get producer(): TransactionalProducer | undefined {
    return this.#producers.get(slotOf(this.#state.epoch));
  }

  /** Does what the slots allow now: sends what waits, initializes the slot that is needed, and the one after it ahead. */
  pump(queue: BatchQueue): void {
    if (this.#ended) return;
    const step = nextForRecords(this.#state);
    if (step.step === 'initialize') this.#initialize(step.slot);
    if (step.step === 'write' && !queue.isEmpty) this.#send(step.slot, queue);
    const ahead = slotToInitializeAhead(this.#state);
    if (ahead !== null) this.#initialize(ahead);
  }

  #send(slot: number, queue: BatchQueue): void {
    const producer = present(this.#producers.get(slot), 'producer of an initialized slot');
    if (this.#state.slots[slot]?.status !== 'open') {
      this.#openedAtMs = this.#parts.clock.nowMs();
      const before = this.#producers.get(slotOf(this.#state.epoch - 1));
      if (before !== undefined) producer.follow(before); // T2
    }
    this.#state = opened(this.#state);
    const { topic } = this.#parts;
    for (const { partition, batch } of queue.take()) producer.send({ topic, partition }, batch);
  }

  #initialize(slot: number): void {
    this.#state = initSent(this.#state, slot);
    this.#producerFor(slot)
      .then(({ producerId, producerEpoch }) => {
        if (this.#ended) return;
        this.#state = initAnswered(this.#state, slot, { producerId, producerEpoch });
        this.#parts.onReady(); // throws what the producer of another slot has failed with
      })
      .catch(this.#parts.onFailure);
  }

  async #producerFor(slot: number): Promise<TransactionalProducer> {
    const existing = this.#producers.get(slot);
    if (existing !== undefined) {
      await existing.reinitialize();
      return existing;
    }
    const producer = await this.#parts.openProducer(slot);
    this.#producers.set(slot, producer);
    if (this.#ended) await producer.close(); // nobody else does any more
    return producer;
  }

  /** All of the epoch was handed to its producer; what comes now belongs to the next. Returns what `flush` needs of it. */
  closeEpoch(epoch: number): { readonly openedAtMs: number } {
    this.#state = closed(this.#state, epoch);
    return { openedAtMs: this.#openedAtMs };
  }

  /** Resolves when all of a closed epoch is at the brokers: its transaction stays open. */
  async flush(
    epoch: number,
    { openedAtMs }: { readonly openedAtMs: number },
  ): Promise<EmptyHandle | KafkaHandle> {
    const slot = present(this.#state.slots[slotOf(epoch)], 'slot of an epoch');
    if (slot.status !== 'open' || slot.epoch !== epoch) return this.#prepared(epoch, null);
    const producer = present(this.#producers.get(slotOf(epoch)), 'producer of an open slot');
    await producer.flush();
    const saved = producer.handle();
    return this.#prepared(epoch, {
      transactionalId: producer.transactionalId,
      firstOffsets: bySplit(saved.kind === 'empty' ? {} : saved.firstOffsets),
      openedAtMs,
      timeoutMs: this.#parts.transactionTimeoutMs,
    });
  }

  #prepared(epoch: number, transaction: Parameters<typeof prepared>[2]): EmptyHandle | KafkaHandle {
    const { state, handle } = prepared(this.#state, epoch, transaction);
    this.#state = state;
    return handle;
  }

  /** The epoch is decided. Resolves when its transaction is committed, which it is once. */
  async commit(epoch: number, handle: EmptyHandle | KafkaHandle): Promise<void> {
    const { state, next } = commitRequested(this.#state, epoch, handle);
    this.#state = state;
    if (next.step === 'end-transaction') {
      const ending = this.#endTransaction(epoch).finally(() => this.#committing.delete(epoch));
      this.#committing.set(epoch, ending);
    }
    await this.#committing.get(epoch);
  }

  async #endTransaction(epoch: number): Promise<void> {
    const { table, timers } = this.#parts;
    const producer = present(this.#producers.get(slotOf(epoch)), 'producer of a prepared slot');
    for (let delayMs = commitRetryMs; ; delayMs = Math.min(delayMs * 2, commitRetryMaxMs)) {
      const result = await producer.commit();
      const answer = endTxnAnswer(result);
      this.#state = commitAnswered(this.#state, epoch, answer);
      if (answer === 'NONE') return;
      const { failure } = this.#state;
      if (failure !== null) {
        throw new WeirError('WEIR-7302', `table ${table}: ${failure}: ${result.message}`, {
          disposition: 'retry',
        });
      }
      await timers.sleep(delayMs);
      if (this.#ended) throw closedWhile('it committed');
    }
  }

  /** Nothing is asked of the brokers any more. `failure` says why, where that is no close. */
  end(failure?: unknown): void {
    this.#ended = true;
    if (failure !== undefined) this.#state = failed(this.#state, String(failure));
  }

  async close(): Promise<void> {
    this.end();
    await Promise.all([...this.#producers.values()].map((producer) => producer.close()));
  }
}

export function closedWhile(what: string): WeirError {
  return new WeirError('WEIR-7303', `the sink was closed while ${what}`, { disposition: 'retry' });
}

/** `topic-3` of the Kafka library -> `topic/3` of the ledger. */
function bySplit(offsets: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(offsets).map(([key, offset]) => {
      const hyphen = key.lastIndexOf('-');
      return [`${key.slice(0, hyphen)}/${key.slice(hyphen + 1)}`, String(offset)];
    }),
  );
}
