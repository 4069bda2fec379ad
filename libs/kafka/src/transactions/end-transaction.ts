import { WeirError } from '@weir/kernel/errors.ts';
import { brokerError, brokerErrorName, isRepeatable, NoAnswerError } from '../broker-errors.ts';
import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import type { EndTransactionResult } from '../contracts/produce.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';
import { forgetMoved } from './init-producer-id.ts';

/** Version 3. Version 5 bumps the producer epoch, which the saved ids wouldn't know: not used. */
const endTxnApi: Api = { key: 26, version: 3, name: 'EndTxn', flexible: true };

/** What is needed of a handle; the ids may be another process's. */
export interface TransactionIds {
  readonly transactionalId: string;
  readonly producerId: string;
  readonly producerEpoch: number;
}

export type TransactionResult = 'commit' | 'abort';

/**
 * Ends a transaction with saved ids, from any process, **without InitProducerId** (which would abort it). Asks again within
 * the deadline while the answer, or its absence, allows it; the last result is given when time is over. Never throws for
 * what Kafka answered: the classification is the caller's evidence.
 */
export async function endTransaction(
  cluster: KafkaCluster,
  ids: TransactionIds,
  result: TransactionResult,
  wait?: WaitOptions,
): Promise<EndTransactionResult> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  for (let attempt = 0; ; attempt++) {
    const ended = await endTransactionOnce(cluster, ids, result, deadline);
    if (ended.outcome !== 'retry') return ended;
    // Permissions may be given and servers repaired, but not by asking every 20 ms.
    const soon = ended.errorCode === undefined || isRepeatable(ended.errorCode);
    if (!(await deadline.backOff(soon && attempt < 8 ? 3 * (attempt + 1) : backOffMs(attempt)))) return ended;
  }
}

async function endTransactionOnce(
  cluster: KafkaCluster,
  ids: TransactionIds,
  result: TransactionResult,
  deadline: Deadline,
): Promise<EndTransactionResult> {
  try {
    const connection = await cluster.coordinatorOf('transaction', ids.transactionalId, deadline);
    const errorCode = await deadline.race(request(connection, ids, result, deadline));
    forgetMoved(cluster, ids.transactionalId, errorCode);
    return classifyEndTxn(errorCode);
  } catch (error) {
    deadline.throwIfAborted();
    if (error instanceof NoAnswerError) cluster.forgetCoordinator('transaction', ids.transactionalId);
    if (error instanceof WeirError && error.code === 'WEIR-4030') throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: 'retry', errorCode: undefined, message };
  }
}

/** docs/protocol.md, "Starting a generation", step 2: only these are answers, everything else is asked again. */
export function classifyEndTxn(errorCode: number): EndTransactionResult {
  const message = errorCode === 0 ? 'NONE (0)' : brokerErrorName(errorCode);
  switch (errorCode) {
    case brokerError.none:
      return { outcome: 'committed', errorCode, message };
    case brokerError.invalidProducerEpoch:
    case brokerError.producerFenced:
      return { outcome: 'aborted', errorCode, message };
    case brokerError.invalidTxnState:
    case brokerError.invalidProducerIdMapping:
      return { outcome: 'unknown', errorCode, message };
    default:
      return { outcome: 'retry', errorCode, message };
  }
}

async function request(
  connection: BrokerConnection,
  ids: TransactionIds,
  result: TransactionResult,
  deadline: Deadline,
): Promise<number> {
  const body = new RequestWriter()
    .compactString(ids.transactionalId)
    .int64(BigInt(ids.producerId))
    .int16(ids.producerEpoch)
    .bool(result === 'commit')
    .noTags();
  const answer = await connection.send(endTxnApi, [body.finish()], Math.max(1, deadline.leftMs));
  answer.int32();
  return answer.int16();
}
