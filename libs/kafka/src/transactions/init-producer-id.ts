import { WeirError } from '@weir/kernel/errors.ts';
import { brokerAnswerError, brokerError, NoAnswerError } from '../broker-errors.ts';
import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const initProducerIdApi: Api = { key: 22, version: 4, name: 'InitProducerId', flexible: true };

export interface ProducerIds {
  /** A 64-bit integer in decimal. */
  readonly producerId: string;
  readonly producerEpoch: number;
}

/** Answers after which the same InitProducerId is asked again: the first has done its fencing already. */
const repeatedAnswers: ReadonlySet<number> = new Set([
  brokerError.concurrentTransactions,
  brokerError.coordinatorLoading,
  brokerError.coordinatorNotAvailable,
  brokerError.notCoordinator,
]);

/**
 * Draws a producer id and epoch; for a transactional id this aborts its open transaction and fences whoever holds it.
 * `transactionalId` null: for an idempotent producer.
 *
 * An answer that says "later" is repeated. A request that was sent and not answered is not: WEIR-4021 says so, because a
 * second one may arrive after somebody else has gone on with the ids of the first (docs/protocol.md).
 */
export async function initProducerId(
  cluster: KafkaCluster,
  transactionalId: string | null,
  transactionTimeoutMs: number,
  wait?: WaitOptions,
): Promise<ProducerIds> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  const subject =
    transactionalId === null ? 'an idempotent producer' : `the transactional id '${transactionalId}'`;
  for (let attempt = 0; ; attempt++) {
    const answer = await askOnce(cluster, transactionalId, transactionTimeoutMs, deadline);
    if (answer !== undefined && answer.errorCode === 0) {
      return { producerId: answer.producerId.toString(), producerEpoch: answer.producerEpoch };
    }
    if (answer !== undefined && answer.errorCode === brokerError.invalidTransactionTimeout) {
      throw new WeirError(
        'WEIR-4025',
        `the brokers refuse a transaction timeout of ${transactionTimeoutMs} ms`,
        {
          hint: "lower sink.transaction_timeout, or raise the brokers' transaction.max.timeout.ms",
        },
      );
    }
    const code = answer?.errorCode ?? brokerError.coordinatorNotAvailable;
    if (!repeatedAnswers.has(code)) throw brokerAnswerError(code, `initialize ${subject}`);
    if (transactionalId !== null) forgetMoved(cluster, transactionalId, code);
    if (!(await deadline.backOff(backOffMs(attempt)))) throw brokerAnswerError(code, `initialize ${subject}`);
  }
}

export function forgetMoved(cluster: KafkaCluster, transactionalId: string, errorCode: number): void {
  if (errorCode === brokerError.notCoordinator || errorCode === brokerError.coordinatorNotAvailable) {
    cluster.forgetCoordinator('transaction', transactionalId);
  }
}

type InitAnswer = { errorCode: number; producerId: bigint; producerEpoch: number };

/** Undefined: the request was certainly not sent. */
async function askOnce(
  cluster: KafkaCluster,
  transactionalId: string | null,
  transactionTimeoutMs: number,
  deadline: Deadline,
): Promise<InitAnswer | undefined> {
  try {
    if (transactionalId === null) {
      // Ids of an idempotent producer fence nobody: another broker may be asked when one doesn't answer.
      return await cluster.onAnyBroker((connection) => request(connection, null, 60_000, deadline), deadline);
    }
    const connection = await cluster
      .coordinatorOf('transaction', transactionalId, deadline)
      .catch((error: unknown) => {
        // What was not answered here is the search for the coordinator.
        if (error instanceof NoAnswerError)
          throw new NoAnswerError('WEIR-4001', error.message, { sent: false, cause: error });
        throw error;
      });
    return await deadline.race(request(connection, transactionalId, transactionTimeoutMs, deadline));
  } catch (error) {
    if (!(error instanceof NoAnswerError) || transactionalId === null) throw error;
    cluster.forgetCoordinator('transaction', transactionalId);
    if (!error.sent) return undefined;
    throw new WeirError('WEIR-4021', `InitProducerId of '${transactionalId}' was sent and not answered`, {
      disposition: 'retry',
      cause: error,
    });
  }
}

async function request(
  connection: BrokerConnection,
  transactionalId: string | null,
  transactionTimeoutMs: number,
  deadline: Deadline,
): Promise<InitAnswer> {
  const body = new RequestWriter()
    .compactNullableString(transactionalId)
    .int32(transactionTimeoutMs)
    .int64(-1n)
    .int16(-1)
    .noTags();
  const answer = await connection.send(initProducerIdApi, [body.finish()], Math.max(1, deadline.leftMs));
  answer.int32();
  return { errorCode: answer.int16(), producerId: answer.int64(), producerEpoch: answer.int16() };
}
