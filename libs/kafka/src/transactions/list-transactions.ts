import { brokerAnswerError, isRepeatable } from '../broker-errors.ts';
import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';

const listTransactionsApi: Api = { key: 66, version: 0, name: 'ListTransactions', flexible: true };

export interface ListedTransaction {
  readonly transactionalId: string;
  readonly producerId: string;
  /** Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort, PrepareEpochFence, Dead. */
  readonly state: string;
}

/**
 * Transactional ids that begin with `idPrefix`, of every broker: each knows only those that it coordinates. `states` empty: all.
 * @throws when any of the brokers can't be asked: a list with holes would pass for a complete one
 */
export async function listTransactions(
  cluster: KafkaCluster,
  idPrefix: string,
  states: readonly string[],
  wait?: WaitOptions,
): Promise<readonly ListedTransaction[]> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  const brokers = await cluster.brokers({ ...wait, deadlineMs: deadline.leftMs });
  const lists = await Promise.all(
    brokers.map(async ({ nodeId }) => {
      for (let attempt = 0; ; attempt++) {
        const connection = await deadline.race(cluster.connectionTo(nodeId, 'control'));
        const { errorCode, transactions } = await deadline.race(request(connection, states, deadline));
        if (errorCode === 0) return transactions;
        const repeat = isRepeatable(errorCode) && (await deadline.backOff(backOffMs(attempt)));
        if (!repeat) throw brokerAnswerError(errorCode, `list the transactions of broker ${nodeId}`);
      }
    }),
  );
  return lists.flat().filter(({ transactionalId }) => transactionalId.startsWith(idPrefix));
}

async function request(
  connection: BrokerConnection,
  states: readonly string[],
  deadline: Deadline,
): Promise<{ errorCode: number; transactions: ListedTransaction[] }> {
  const body = new RequestWriter();
  body
    .compactArray(states, (state) => body.compactString(state))
    .uvarint(1)
    .noTags();
  const answer = await connection.send(listTransactionsApi, [body.finish()], Math.max(1, deadline.leftMs));
  answer.int32();
  const errorCode = answer.int16();
  answer.compactArray(() => answer.compactString());
  const transactions = answer.compactArray(() => {
    const entry = {
      transactionalId: answer.compactString(),
      producerId: answer.int64().toString(),
      state: answer.compactString(),
    };
    answer.skipTags();
    return entry;
  });
  return { errorCode, transactions };
}
