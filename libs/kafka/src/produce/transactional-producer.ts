import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import type {
  EndTransactionResult,
  TransactionalProducerContract,
  TransactionHandle,
} from '../contracts/produce.ts';
import { Deadline } from '../deadline.ts';
import { topicPartitionKey } from '../topic-partition.ts';
import { addPartitions } from '../transactions/add-partitions.ts';
import { endTransaction } from '../transactions/end-transaction.ts';
import type { TransactionResult } from '../transactions/end-transaction.ts';
import { initProducerId } from '../transactions/init-producer-id.ts';
import type { ProducerIds } from '../transactions/init-producer-id.ts';
import { BatchSender } from './batch-sender.ts';
import type { BatchSenderOptions, ProducerIdentity } from './batch-sender.ts';
import type { PartitionQueue } from './partition-queue.ts';

export interface TransactionalProducerOptions extends BatchSenderOptions {
  /** At most the brokers' transaction.max.timeout.ms (admin/describe-configs.ts: maxTransactionTimeoutMs). */
  readonly transactionTimeoutMs: number;
}

/**
 * `fresh`: initialized, nothing sent. `open`: partitions are in the transaction, or about to be. `prepared`: handle() was taken.
 * `ended`: commit or abort was asked for; only reinitialize() leads on.
 */
type Phase = 'fresh' | 'open' | 'prepared' | 'ended';

/** One transactional id; see the contract. A producer epoch carries one transaction, so that no delayed EndTxn can end another one. */
export class TransactionalProducer extends BatchSender implements TransactionalProducerContract {
  readonly transactionalId: string;
  readonly #transactionTimeoutMs: number;
  #ids: ProducerIds;
  #identity: ProducerIdentity;
  #phase: Phase = 'fresh';
  #openSinceMs: number | undefined;
  #adding = false;

  private constructor(
    cluster: KafkaCluster,
    transactionalId: string,
    ids: ProducerIds,
    options: TransactionalProducerOptions,
  ) {
    const { transactionTimeoutMs, ...shared } = options;
    super(cluster, shared);
    this.transactionalId = transactionalId;
    this.#transactionTimeoutMs = transactionTimeoutMs;
    this.#ids = ids;
    this.#identity = identityOf(ids);
  }

  /** Sends InitProducerId: aborts what hangs on the id and fences its last holder. @throws WEIR-4021 when no answer came */
  static async open(
    cluster: KafkaCluster,
    transactionalId: string,
    options: TransactionalProducerOptions,
    wait?: WaitOptions,
  ): Promise<TransactionalProducer> {
    const ids = await initProducerId(cluster, transactionalId, options.transactionTimeoutMs, wait);
    return new TransactionalProducer(cluster, transactionalId, ids, options);
  }

  get producerId(): string {
    return this.#ids.producerId;
  }

  get producerEpoch(): number {
    return this.#ids.producerEpoch;
  }

  get openSinceMs(): number | undefined {
    return this.#openSinceMs;
  }

  protected override identity(): ProducerIdentity {
    return this.#identity;
  }

  protected override get transactional(): string {
    return this.transactionalId;
  }

  protected override refuseSend(): void {
    assert(
      this.#phase === 'fresh' || this.#phase === 'open',
      `a ${this.#phase} transaction takes no more batches`,
    );
    this.#phase = 'open';
  }

  protected override mayBeSent(queue: PartitionQueue): boolean {
    if (!queue.added) this.#addWaiting();
    return queue.added;
  }

  /** All partitions that wait are added by one request, one at a time. */
  #addWaiting(): void {
    if (this.#adding) return;
    const waiting = [...this.queues.values()].filter((queue) => !queue.added && queue.batches.length > 0);
    this.#adding = true;
    this.#openSinceMs ??= performance.now();
    const deadline = new Deadline(undefined, this.options.deliveryTimeoutMs);
    addPartitions(this.cluster, this.transactionalId, this.#ids, waiting, deadline)
      .then(() => {
        for (const queue of waiting) queue.added = true;
      })
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.#adding = false;
        this.schedulePump();
      });
  }

  handle(): TransactionHandle {
    if (this.failure !== undefined) throw this.failure;
    const used = [...this.queues.values()];
    assert(this.#phase !== 'ended', 'a handle is taken before the transaction is ended');
    assert(
      used.every((queue) => queue.batches.length === 0),
      'a handle is taken after flush()',
    );
    this.#phase = 'prepared';
    if (used.length === 0) return { kind: 'empty' };
    const firstOffsets: Record<string, number> = {};
    for (const { topic, partition, firstOffset } of used)
      firstOffsets[topicPartitionKey(topic, partition)] = firstOffset;
    return { kind: 'kafka', transactionalId: this.transactionalId, ...this.#ids, firstOffsets };
  }

  commit(wait?: WaitOptions): Promise<EndTransactionResult> {
    assert(
      this.#phase === 'prepared' || this.#phase === 'ended',
      'a transaction is committed after its handle was taken',
    );
    return this.#end('commit', wait);
  }

  /** Also with batches under way: none is sent any more then, and the producer is of no further use. */
  abort(wait?: WaitOptions): Promise<EndTransactionResult> {
    if (this.hasUnacknowledged)
      this.fail(new WeirError('WEIR-4026', 'the transaction was aborted with batches under way'));
    return this.#end('abort', wait);
  }

  async #end(result: TransactionResult, wait?: WaitOptions): Promise<EndTransactionResult> {
    this.#phase = 'ended';
    // Nothing was added: there is no transaction, and EndTxn would answer INVALID_TXN_STATE.
    if (this.#openSinceMs === undefined) return { outcome: 'committed', errorCode: 0, message: 'empty' };
    const ended = await endTransaction(
      this.cluster,
      { transactionalId: this.transactionalId, ...this.#ids },
      result,
      wait,
    );
    if (ended.outcome === 'committed') this.#openSinceMs = undefined;
    return ended;
  }

  async reinitialize(wait?: WaitOptions): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.forgetPartitions();
    this.#phase = 'ended';
    try {
      this.#ids = await initProducerId(this.cluster, this.transactionalId, this.#transactionTimeoutMs, wait);
    } catch (error) {
      this.fail(error);
      throw error;
    }
    this.#identity = identityOf(this.#ids);
    this.#openSinceMs = undefined;
    this.#phase = 'fresh';
  }
}

function identityOf(ids: ProducerIds): ProducerIdentity {
  return { producerId: BigInt(ids.producerId), producerEpoch: ids.producerEpoch };
}
