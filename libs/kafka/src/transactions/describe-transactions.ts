import type { Api } from '../broker-connection.ts';
import { brokerAnswerError, brokerError, isRepeatable } from '../broker-errors.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { TopicPartition, WaitOptions } from '../contracts/cluster.ts';
import { backOffMs, Deadline } from '../deadline.ts';
import { RequestWriter } from '../wire/request-writer.ts';
import { forgetMoved } from './init-producer-id.ts';

const describeTransactionsApi: Api = { key: 65, version: 0, name: 'DescribeTransactions', flexible: true };

export interface DescribedTransaction {
  readonly transactionalId: string;
  readonly state: string;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  /** Undefined when none is open. */
  readonly startedAtMs: number | undefined;
  readonly partitions: readonly TopicPartition[];
}

/**
 * What the coordinator knows of an id; undefined when it doesn't know it. Same producer id and epoch with CompleteCommit proves
 * a commit; after a new InitProducerId nothing here proves anything.
 */
export async function describeTransaction(
  cluster: KafkaCluster,
  transactionalId: string,
  wait?: WaitOptions,
): Promise<DescribedTransaction | undefined> {
  const deadline = new Deadline(wait, cluster.requestTimeoutMs);
  for (let attempt = 0; ; attempt++) {
    const connection = await cluster.coordinatorOf('transaction', transactionalId, deadline);
    const body = new RequestWriter();
    body.compactArray([transactionalId], (id) => body.compactString(id)).noTags();
    const answer = await deadline.race(
      connection.send(describeTransactionsApi, [body.finish()], Math.max(1, deadline.leftMs)),
    );
    answer.int32();
    const [found] = answer.compactArray(() => {
      const errorCode = answer.int16();
      const id = answer.compactString();
      const state = answer.compactString();
      const timeoutMs = answer.int32();
      const startedAtMs = answer.safeInt64();
      const producerId = answer.int64().toString();
      const producerEpoch = answer.int16();
      const partitions = answer.compactArray(() => {
        const topic = answer.compactString();
        const numbers = answer.compactArray(() => answer.int32());
        answer.skipTags();
        return numbers.map((partition) => ({ topic, partition }));
      });
      answer.skipTags();
      const started = startedAtMs < 0 ? undefined : startedAtMs;
      return {
        errorCode,
        transactionalId: id,
        state,
        producerId,
        producerEpoch,
        timeoutMs,
        startedAtMs: started,
        partitions: partitions.flat(),
      };
    });
    if (found === undefined || found.errorCode === brokerError.transactionalIdNotFound) return undefined;
    const { errorCode, ...described } = found;
    if (errorCode === 0) return described;
    forgetMoved(cluster, transactionalId, errorCode);
    const repeat = isRepeatable(errorCode) && (await deadline.backOff(backOffMs(attempt)));
    if (!repeat) throw brokerAnswerError(errorCode, `describe the transaction of '${transactionalId}'`);
  }
}
