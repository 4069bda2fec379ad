import {
  parseTransactionalId,
  transactionalIdPrefix,
  transactionalIdsOfSink,
} from '@weir/epoch-protocol/transactional-id.ts';
import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';
import type { KafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { EndTransactionResult, OpenHandle } from '@weir/kafka/contracts/produce.ts';
import { endTransaction } from '@weir/kafka/transactions/end-transaction.ts';
import { initProducerId } from '@weir/kafka/transactions/init-producer-id.ts';
import { listTransactions } from '@weir/kafka/transactions/list-transactions.ts';
import { verdictFromLog } from '@weir/kafka/transactions/transaction-verdict-from-log.ts';
import { topicPartitionKey } from '@weir/kafka/topic-partition.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { RecoveryContext, SinkRecovery } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import {
  clusterOptionsOf,
  isExactlyOnce,
  kafkaTableOptions,
  transactionTimeoutMsOf,
} from './kafka-options.ts';
import { transactionTimeoutOf } from './transaction-timeout.ts';

/** Requests under way at a time: a broker answers InitProducerId after a write to its log. */
const parallelInits = 64;
/** The timeout given with an InitProducerId that only fences: nothing is ever produced under it. */
const fenceTimeoutMs = 60_000;

/** States of transactions that hold back readers, or may. */
const openStates = ['Ongoing', 'PrepareCommit', 'PrepareAbort', 'PrepareEpochFence'] as const;
/** How long one question is repeated inside the client before the caller hears that there is no answer yet. */
const askMs = 5000;

/** Asks brokers and logs about transactions that other processes prepared. */
export class KafkaRecovery implements SinkRecovery {
  trouble: string | undefined;
  readonly #node: SinkNode;
  readonly #context: RecoveryContext;
  #cluster: Promise<KafkaCluster> | undefined;

  constructor(node: SinkNode, context: RecoveryContext) {
    this.#node = node;
    this.#context = context;
  }

  async endTransaction(handle: KafkaHandle): Promise<EndTxnAnswer> {
    try {
      const result = await endTransaction(await this.#open(), openHandle(handle), 'commit', {
        deadlineMs: askMs,
      });
      if (result.outcome === 'retry') this.trouble = result.message;
      return endTxnAnswer(result);
    } catch (error) {
      this.trouble = describeError(error);
      return 'ask-again';
    }
  }

  async askLog(handle: KafkaHandle): Promise<LogAnswer> {
    try {
      const verdict = await verdictFromLog(await this.#open(), openHandle(handle), { deadlineMs: askMs });
      return verdict === 'unreadable' ? 'silent' : verdict;
    } catch (error) {
      this.trouble = describeError(error);
      return 'undecided';
    }
  }

  async cleanUp(
    generations: readonly { readonly generation: number; readonly parallelism: number }[],
  ): Promise<void> {
    if (!isExactlyOnce(this.#options())) return;
    const cluster = await this.#open();
    const ids = generations.flatMap(({ generation, parallelism }) =>
      transactionalIdsOfSink(this.#scope(), generation, {
        operator: this.#context.operator,
        kind: 'kafka',
        parallelism,
      }),
    );
    for (let at = 0; at < ids.length; at += parallelInits) {
      await Promise.all(
        ids.slice(at, at + parallelInits).map((id) => initProducerId(cluster, id, fenceTimeoutMs)),
      );
    }
  }

  async ongoingGenerations(): Promise<readonly number[]> {
    if (!isExactlyOnce(this.#options())) return [];
    const found = new Set<number>();
    const open = await listTransactions(await this.#open(), transactionalIdPrefix(this.#scope()), openStates);
    for (const transaction of open) {
      const id = parseTransactionalId(transaction.transactionalId);
      if (id !== undefined && id.sink === this.#context.operator) found.add(id.g);
    }
    return [...found];
  }

  /** As the sinks find it; undefined where nobody may know it. */
  async transactionTimeoutMs(): Promise<number | undefined> {
    const options = this.#options();
    if (!isExactlyOnce(options)) return 0;
    const cluster = await this.#open();
    const wanted = transactionTimeoutMsOf(options);
    if (wanted !== undefined) return wanted;
    const { clusterName } = this.#context;
    try {
      return await transactionTimeoutOf(cluster, this.#node.table, options, clusterName, {
        deadlineMs: askMs,
      });
    } catch (error) {
      if (error instanceof WeirError && error.code === 'WEIR-4005') return undefined;
      throw error;
    }
  }

  async clusterIdentity(): Promise<string> {
    return (await this.#open()).clusterId();
  }

  async close(): Promise<void> {
    const cluster = this.#cluster;
    this.#cluster = undefined;
    await (await cluster?.catch(() => undefined))?.close();
  }

  #options(): Record<string, string> {
    return fillOptions(kafkaTableOptions, this.#node.options, this.#context.access.variables);
  }

  #scope() {
    const { clusterName: cluster, pipeline, pipelineId } = this.#context;
    return { cluster, pipeline, pipelineId };
  }

  #open(): Promise<KafkaCluster> {
    this.#cluster ??= this.#connect();
    return this.#cluster;
  }

  async #connect(): Promise<KafkaCluster> {
    try {
      const options = this.#options();
      const clientId = `weir-${this.#context.clusterName}-recovery`;
      return await KafkaCluster.open(clusterOptionsOf(options, clientId), { deadlineMs: askMs });
    } catch (error) {
      this.#cluster = undefined;
      throw error;
    }
  }
}

/** The ledger's handle as the Kafka library takes it. */
function openHandle(handle: KafkaHandle): OpenHandle {
  return {
    kind: 'kafka',
    transactionalId: handle.transactionalId,
    producerId: handle.producerId,
    producerEpoch: handle.producerEpoch,
    firstOffsets: Object.fromEntries(
      Object.entries(handle.firstOffsets).map(([split, offset]) => {
        const slash = split.lastIndexOf('/');
        return [topicPartitionKey(split.slice(0, slash), Number(split.slice(slash + 1))), Number(offset)];
      }),
    ),
  };
}

/** Kafka's error codes of EndTxn in the words of the protocol. */
export function endTxnAnswer(result: EndTransactionResult): EndTxnAnswer {
  switch (result.errorCode) {
    case 0:
      return 'NONE';
    case 47:
      return 'INVALID_PRODUCER_EPOCH';
    case 90:
      return 'PRODUCER_FENCED';
    case 48:
      return 'INVALID_TXN_STATE';
    case 49:
      return 'INVALID_PRODUCER_ID_MAPPING';
    default:
      return 'ask-again';
  }
}
