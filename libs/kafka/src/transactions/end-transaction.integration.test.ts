import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { deleteTopics } from '../admin/delete-topics.ts';
import {
  makeTopic,
  openCluster,
  prepareTransaction,
  readAll,
  uniqueName,
  until,
} from '../testing/broker-test-kit.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { LogVerdict, OpenHandle } from '../contracts/produce.ts';
import { Deadline } from '../deadline.ts';
import { addPartitions } from './add-partitions.ts';
import { describeTransaction } from './describe-transactions.ts';
import { classifyEndTxn, endTransaction } from './end-transaction.ts';
import { initProducerId } from './init-producer-id.ts';
import { listTransactions } from './list-transactions.ts';
import { verdictFromLog } from './transaction-verdict-from-log.ts';

/** `cluster` is the process that wrote, `other` the one that recovers. */
let cluster: KafkaCluster;
let other: KafkaCluster;
let topic: string;

beforeAll(async () => {
  [cluster, other] = await Promise.all([
    openCluster(inject('kafkaBootstrap')),
    openCluster(inject('kafkaBootstrap')),
  ]);
  topic = await makeTopic(cluster, 3);
});
afterAll(async () => {
  await cluster?.close();
  await other?.close();
});

const everywhere = (name = topic) => [0, 1, 2].map((partition) => ({ topic: name, partition }));

/** The last stable offset follows EndTxn by some milliseconds. */
function decided(handle: OpenHandle): Promise<LogVerdict> {
  return until('a verdict', async () => {
    const verdict = await verdictFromLog(other, handle);
    return verdict === 'undecided' ? undefined : verdict;
  });
}

test('a transaction whose owner is gone is committed from another process with the saved ids, as often as it is asked', async () => {
  const own = await makeTopic(cluster, 3);
  const writer = await openCluster(inject('kafkaBootstrap'));
  const { handle } = await prepareTransaction(writer, everywhere(own), { values: ['a', 'b'] });
  await writer.close();
  const saved = JSON.parse(JSON.stringify(handle)) as OpenHandle;
  expect(await verdictFromLog(other, saved)).toBe('undecided');
  expect(await readAll(other, own, 'read_committed', { transactionsOpen: true })).toEqual([]);
  for (let i = 0; i < 3; i++) {
    expect(await endTransaction(other, saved, 'commit')).toMatchObject({
      outcome: 'committed',
      errorCode: 0,
    });
  }
  expect(await decided(saved)).toBe('committed');
  const values = (await readAll(other, own)).map((record) => `${record.partition}${record.value}`);
  expect(values.sort()).toEqual(['0a', '0b', '1a', '1b', '2a', '2b']);
});

test('fenced by InitProducerId: aborted, and the log says so', async () => {
  const { handle } = await prepareTransaction(cluster, everywhere());
  await initProducerId(other, handle.transactionalId, 60_000);
  expect(await endTransaction(other, handle, 'commit')).toMatchObject({ outcome: 'aborted' });
  expect(await decided(handle)).toBe('aborted');
});

test('committed and then fenced: EndTxn says aborted, the log knows better', async () => {
  const { handle } = await prepareTransaction(cluster, everywhere());
  await endTransaction(other, handle, 'commit');
  await initProducerId(other, handle.transactionalId, 60_000);
  expect(await endTransaction(other, handle, 'commit')).toMatchObject({ outcome: 'aborted' });
  expect(await decided(handle)).toBe('committed');
});

test('aborted by an explicit abort: unknown, and the log says aborted', async () => {
  const { producer, handle } = await prepareTransaction(cluster, everywhere());
  expect(await producer.abort()).toMatchObject({ outcome: 'committed' });
  expect(await endTransaction(other, handle, 'commit')).toMatchObject({ outcome: 'unknown', errorCode: 48 });
  expect(await decided(handle)).toBe('aborted');
});

test('nothing added since InitProducerId: unknown', async () => {
  const transactionalId = uniqueName('tx');
  const ids = await initProducerId(cluster, transactionalId, 60_000);
  expect(await endTransaction(other, { transactionalId, ...ids }, 'commit')).toMatchObject({
    outcome: 'unknown',
    errorCode: 48,
  });
});

test('partitions added and nothing produced: committed', async () => {
  const transactionalId = uniqueName('tx');
  const ids = await initProducerId(cluster, transactionalId, 60_000);
  await addPartitions(cluster, transactionalId, ids, everywhere(), new Deadline(undefined, 30_000));
  expect(await endTransaction(other, { transactionalId, ...ids }, 'commit')).toMatchObject({
    outcome: 'committed',
  });
});

test('an unknown id and another producer id: unknown', async () => {
  const nobody = { transactionalId: uniqueName('tx'), producerId: '123456789', producerEpoch: 0 };
  expect(await endTransaction(other, nobody, 'commit')).toMatchObject({ outcome: 'unknown', errorCode: 49 });
  const { producer, handle } = await prepareTransaction(cluster, everywhere());
  const wrong = { ...handle, producerId: '987654321' };
  expect(await endTransaction(other, wrong, 'commit')).toMatchObject({ outcome: 'unknown', errorCode: 49 });
  await producer.abort();
});

test('aborted by its timeout: aborted', async () => {
  const { handle } = await prepareTransaction(cluster, everywhere(), { transactionTimeoutMs: 500 });
  await until('the broker aborts the transaction', async () => {
    const found = await describeTransaction(other, handle.transactionalId);
    return found?.state === 'CompleteAbort' || found?.producerEpoch !== handle.producerEpoch;
  });
  expect(await endTransaction(other, handle, 'commit')).toMatchObject({ outcome: 'aborted' });
  expect(await decided(handle)).toBe('aborted');
});

test('a topic that was deleted: the log can not be read', async () => {
  const gone = await makeTopic(cluster);
  const { producer, handle } = await prepareTransaction(cluster, [{ topic: gone, partition: 0 }]);
  await producer.commit();
  await deleteTopics(cluster, [gone]);
  expect(await verdictFromLog(other, handle)).toBe('unreadable');
});

test("somebody else's open transaction before it leaves the log undecided", async () => {
  const own = await makeTopic(cluster);
  const first = await prepareTransaction(cluster, [{ topic: own, partition: 0 }]);
  const second = await prepareTransaction(cluster, [{ topic: own, partition: 0 }]);
  await second.producer.commit();
  expect(await verdictFromLog(other, second.handle)).toBe('undecided');
  await first.producer.abort();
  expect(await decided(second.handle)).toBe('committed');
  expect(await decided(first.handle)).toBe('aborted');
});

test('transactions are listed by prefix and described', async () => {
  const prefix = uniqueName('list');
  const { producer, handle } = await prepareTransaction(cluster, everywhere(), {
    transactionalId: `${prefix}.1`,
  });
  await prepareTransaction(cluster, everywhere(), { transactionalId: `${prefix}.2` }).then((t) =>
    t.producer.commit(),
  );
  expect(await listTransactions(other, prefix, ['Ongoing'])).toEqual([
    { transactionalId: `${prefix}.1`, producerId: handle.producerId, state: 'Ongoing' },
  ]);
  expect((await listTransactions(other, prefix, [])).map((t) => t.transactionalId).sort()).toEqual([
    `${prefix}.1`,
    `${prefix}.2`,
  ]);
  const described = await describeTransaction(other, `${prefix}.1`);
  expect(described?.partitions.map((p) => p.partition).sort()).toEqual([0, 1, 2]);
  expect(described).toMatchObject({
    state: 'Ongoing',
    producerId: handle.producerId,
    producerEpoch: handle.producerEpoch,
    timeoutMs: 60_000,
  });
  expect(await describeTransaction(other, uniqueName('nobody'))).toBeUndefined();
  await producer.abort();
});

describe('InitProducerId', () => {
  test('on an open transaction aborts it, takes the next epoch, and may be repeated', async () => {
    const { handle } = await prepareTransaction(cluster, everywhere());
    const first = await initProducerId(other, handle.transactionalId, 60_000);
    const second = await initProducerId(other, handle.transactionalId, 60_000);
    expect(first.producerId).toBe(handle.producerId);
    expect(second.producerEpoch).toBeGreaterThan(first.producerEpoch);
    expect(await decided(handle)).toBe('aborted');
  });

  test('sent and not answered is an error of its own', async () => {
    const own = await openCluster(inject('kafkaBootstrap'));
    const transactionalId = uniqueName('tx');
    const connection = await own.coordinatorOf(
      'transaction',
      transactionalId,
      new Deadline(undefined, 30_000),
    );
    const send = connection.send.bind(connection);
    connection.send = (...request) => {
      const answer = send(...request);
      connection.drop();
      return answer;
    };
    await expect(initProducerId(own, transactionalId, 60_000)).rejects.toMatchObject({ code: 'WEIR-4021' });
    await own.close();
  });

  test.each([0, 2 ** 31 - 1])('a timeout of %d ms is refused with what to change', async (timeoutMs) => {
    await expect(initProducerId(cluster, uniqueName('tx'), timeoutMs)).rejects.toMatchObject({
      code: 'WEIR-4025',
      hint: expect.stringContaining('transaction.max.timeout.ms') as string,
    });
  });
});

test.each([
  [0, 'committed'],
  [47, 'aborted'],
  [90, 'aborted'],
  [48, 'unknown'],
  [49, 'unknown'],
  [51, 'retry'],
  [14, 'retry'],
  [15, 'retry'],
  [16, 'retry'],
  [53, 'retry'],
  [-1, 'retry'],
])('EndTxn answered with %d means %s', (code, outcome) => {
  expect(classifyEndTxn(code)).toMatchObject({ outcome, errorCode: code });
});
