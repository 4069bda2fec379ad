import type { RecordBatchWriter } from '@weir/kafka/contracts/produce.ts';
import type { TransactionalProducer } from '@weir/kafka/produce/transactional-producer.ts';
import type { Timers } from '@weir/kernel/ports.ts';
import { expect, test } from 'vitest';
import { BatchQueue } from './batch-queue.ts';
import { TransactionSlots } from './transaction-slots.ts';

const batch = (bytes: number) => ({ byteLength: bytes, recordCount: 1 }) as RecordBatchWriter;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What a producer of one slot was asked, and what it answers. */
class FakeProducer {
  readonly transactionalId: string;
  producerId = '7';
  producerEpoch = 0;
  readonly sent: number[] = [];
  follows: unknown = null;
  commitAnswers: number[] = [];
  commits = 0;
  closed = false;
  hasRoom = true;
  failure: Error | undefined;

  constructor(slot: number) {
    this.transactionalId = `id-${slot}`;
  }

  follow(before: unknown): void {
    this.follows = before;
  }

  send(to: { partition: number }): void {
    this.sent.push(to.partition);
  }

  async flush(): Promise<void> {}

  handle() {
    return { kind: 'kafka', firstOffsets: { 'a-b-3': 5 } };
  }

  async commit() {
    this.commits += 1;
    return { errorCode: this.commitAnswers.shift() ?? 0, message: 'said so' };
  }

  async reinitialize(): Promise<void> {
    this.producerEpoch += 1;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function start() {
  const producers: FakeProducer[] = [];
  const failures: unknown[] = [];
  const sleeps: (() => void)[] = [];
  const queue = new BatchQueue();
  let opening: Promise<void> = Promise.resolve();
  const slots: TransactionSlots = new TransactionSlots({
    firstEpoch: 1,
    table: 't',
    topic: 'topic',
    transactionTimeoutMs: 900_000,
    openProducer: async (slot) => {
      await opening;
      const producer = new FakeProducer(slot);
      producers[slot] = producer;
      return producer as unknown as TransactionalProducer;
    },
    clock: { nowMs: () => 1000, monotonicMs: () => 0 },
    timers: { sleep: () => new Promise<void>((resolve) => sleeps.push(resolve)) } as unknown as Timers,
    onReady: () => slots.pump(queue),
    onFailure: (error) => failures.push(error),
  });
  const holdOpening = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    opening = promise;
    return resolve;
  };
  const producer = (epoch: number): FakeProducer => producers[epoch % 3] as FakeProducer;
  return { slots, queue, producer, producers, failures, sleeps, holdOpening };
}

test('rows wait for InitProducerId; the next epoch is sent to the next slot, behind the one before', async () => {
  const { slots, queue, producer } = start();
  queue.push(3, batch(10));
  slots.pump(queue);
  expect(queue.bytes).toBe(10);
  await turn();
  expect([queue.bytes, producer(1).sent]).toEqual([0, [3]]);
  const transaction = slots.closeEpoch(1);
  queue.push(4, batch(10));
  slots.pump(queue);
  await turn();
  expect(producer(2).sent).toEqual([4]);
  expect(producer(2).follows).toBe(producer(1));
  expect(await slots.flush(1, transaction)).toMatchObject({
    kind: 'kafka',
    transactionalId: 'id-1',
    firstOffsets: { 'a-b/3': '5' },
    openedAtMs: 1000,
    timeoutMs: 900_000,
  });
});

test('an epoch without rows has no transaction', async () => {
  const { slots, queue, producer } = start();
  slots.pump(queue);
  await turn();
  const handle = await slots.flush(1, slots.closeEpoch(1));
  expect(handle).toEqual({ kind: 'empty' });
  await slots.commit(1, handle);
  expect(producer(1).commits).toBe(0);
});

async function preparedEpoch() {
  const parts = start();
  parts.queue.push(0, batch(10));
  parts.slots.pump(parts.queue);
  await turn();
  const handle = await parts.slots.flush(1, parts.slots.closeEpoch(1));
  return { ...parts, handle };
}

test('a commit is asked again until there is an answer, and done once however often it is wished', async () => {
  const { slots, producer, sleeps, handle } = await preparedEpoch();
  producer(1).commitAnswers = [51, 14, 0];
  const commits = Promise.all([slots.commit(1, handle), slots.commit(1, handle)]);
  for (let n = 0; n < 2; n += 1) {
    await turn();
    sleeps.shift()?.();
  }
  await commits;
  await slots.commit(1, handle);
  expect(producer(1).commits).toBe(3);
});

test('a commit that the brokers refuse fails; one that waits while the sink is closed ends', async () => {
  const refused = await preparedEpoch();
  refused.producer(1).commitAnswers = [47];
  await expect(refused.slots.commit(1, refused.handle)).rejects.toMatchObject({ code: 'WEIR-7302' });

  const waiting = await preparedEpoch();
  waiting.producer(1).commitAnswers = [51];
  const commit = waiting.slots.commit(1, waiting.handle);
  await turn();
  await waiting.slots.close();
  waiting.sleeps.shift()?.();
  await expect(commit).rejects.toMatchObject({ code: 'WEIR-7303' });
  expect(waiting.producer(1).closed).toBe(true);
});

test('a producer that opens after the close is closed, and nothing is sent', async () => {
  const { slots, queue, producers, holdOpening, failures } = start();
  const opens = holdOpening();
  queue.push(0, batch(10));
  slots.pump(queue);
  await slots.close();
  opens();
  await turn();
  expect(producers.filter(Boolean).map(({ closed, sent }) => [closed, sent])).toEqual(
    producers.filter(Boolean).map(() => [true, []]),
  );
  expect([queue.bytes, failures]).toEqual([10, []]);
});
