import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTopics } from '../admin/create-topics.ts';
import { deleteTopics } from '../admin/delete-topics.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import {
  makeTopic,
  openCluster,
  prepareTransaction,
  readAll,
  sendRecords,
  uniqueName,
  until,
} from '../testing/broker-test-kit.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { FetchedBlock, FetcherOptions } from '../contracts/fetch.ts';
import { IdempotentProducer } from '../produce/idempotent-producer.ts';
import { PartitionFetcher } from './partition-fetcher.ts';

let cluster: KafkaCluster;
let producer: IdempotentProducer;
const fetchers: PartitionFetcher[] = [];
beforeAll(async () => {
  cluster = await openCluster(inject('kafkaBootstrap'));
  producer = await IdempotentProducer.open(cluster);
});
afterEach(async () => {
  for (const fetcher of fetchers.splice(0)) await fetcher.close();
});
afterAll(async () => {
  await producer?.close();
  await cluster?.close();
});

function open(options: Partial<FetcherOptions> = {}, access = cluster): PartitionFetcher {
  const fetcher = new PartitionFetcher(access, { isolation: 'read_committed', maxWaitMs: 100, ...options });
  fetchers.push(fetcher);
  return fetcher;
}

async function nextBlock(fetcher: PartitionFetcher): Promise<FetchedBlock> {
  const signal = AbortSignal.timeout(60_000);
  for (;;) {
    const block = fetcher.poll();
    if (block !== undefined) return block;
    await fetcher.waitForData(signal);
  }
}

async function write(topic: string, partition: number, values: readonly string[]): Promise<void> {
  sendRecords(producer, { topic, partition }, values);
  await producer.flush();
}

const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `${from + i}`);

test('read_committed shows committed records only; aborted ones never, whatever lies in one fetch', async () => {
  const topic = await makeTopic(cluster);
  const to = [{ topic, partition: 0 }];
  const transactionalId = uniqueName('tx');
  const expected: string[] = [];
  for (let i = 0; i < 12; i++) {
    const { producer: slot } = await prepareTransaction(cluster, to, {
      transactionalId,
      values: [`t${i}`, `t${i}`],
    });
    const { producer: beside } = await prepareTransaction(cluster, to, { values: [`b${i}`] });
    if (i % 3 === 0) {
      await slot.commit();
      expected.push(`t${i}`, `t${i}`);
    } else await slot.abort();
    if (i % 2 === 0) {
      await beside.commit();
      expected.push(`b${i}`);
    } else await beside.abort();
  }
  expect((await readAll(cluster, topic)).map((r) => r.value)).toEqual(expected);
  expect(await readAll(cluster, topic, 'read_uncommitted')).toHaveLength(36);
});

test("a user key of bytes 00 00 00 00 in an aborted transaction doesn't end it", async () => {
  const topic = await makeTopic(cluster);
  const { producer: slot } = await prepareTransaction(cluster, [{ topic, partition: 0 }], {
    values: ['first'],
  });
  await slot.reinitialize();
  sendRecords(slot, { topic, partition: 0 }, [{ key: '\0\0\0\0', value: 'aborted' }]);
  await slot.flush();
  sendRecords(slot, { topic, partition: 0 }, ['aborted']);
  await slot.flush();
  await slot.abort();
  expect(await readAll(cluster, topic)).toEqual([]);
});

test('a block of nothing but markers and aborted records moves on, and the position tells the end', async () => {
  const topic = await makeTopic(cluster);
  const { producer: slot } = await prepareTransaction(cluster, [{ topic, partition: 0 }], {
    values: ['a', 'b'],
  });
  await slot.abort();
  await until('the abort marker', async () => {
    const [end] = await cluster.fetchOffsets([{ topic, partition: 0 }], 'latest', 'read_committed');
    return end?.offset === 3;
  });
  const fetcher = open();
  fetcher.assign([{ topic, partition: 0, offset: 0 }]);
  // The broker may give data and marker in one answer or in two.
  let block = await nextBlock(fetcher);
  expect(block).toMatchObject({ startOffset: 0, highWatermark: 3, lastStableOffset: 3, logStartOffset: 0 });
  for (; block.nextOffset < 3; block = await nextBlock(fetcher)) expect(block.index.count).toBe(0);
  expect(block.index.count).toBe(0);
  expect(block.nextOffset).toBe(3);
  expect(fetcher.position(block)).toMatchObject({ nextOffset: 3, caughtUp: true, retrying: undefined });
});

test('an open transaction holds the reader back at the last stable offset: not caught up', async () => {
  const topic = await makeTopic(cluster);
  await write(topic, 0, ['seen']);
  const { producer: slot } = await prepareTransaction(cluster, [{ topic, partition: 0 }], {
    values: ['held'],
  });
  const fetcher = open();
  fetcher.assign([{ topic, partition: 0, offset: 0 }]);
  expect(await nextBlock(fetcher)).toMatchObject({ nextOffset: 1 });
  await until(
    'the high watermark',
    async () => fetcher.position({ topic, partition: 0 }).highWatermark === 2,
  );
  expect(fetcher.position({ topic, partition: 0 })).toMatchObject({ lastStableOffset: 1, caughtUp: false });
  expect(await cluster.fetchOffsets([{ topic, partition: 0 }], 'latest', 'read_committed')).toMatchObject([
    { offset: 1 },
  ]);
  expect(await cluster.fetchOffsets([{ topic, partition: 0 }], 'latest', 'read_uncommitted')).toMatchObject([
    { offset: 2 },
  ]);
  await slot.commit();
  expect((await nextBlock(fetcher)).index.count).toBe(1);
});

test('150,000 records in one partition come in one piece or several, each once', async () => {
  const topic = await makeTopic(cluster);
  for (let from = 0; from < 150_000; from += 10_000)
    sendRecords(producer, { topic, partition: 0 }, numbered(10_000, from));
  await producer.flush();
  const records = await readAll(cluster, topic, 'read_committed', { partitionMaxBytes: 16 * 1024 * 1024 });
  expect(records).toHaveLength(150_000);
  expect(records.every((record, i) => record.offset === i && record.value === `${i}`)).toBe(true);
});

test('a batch larger than what is asked for still comes', async () => {
  const topic = await makeTopic(cluster, 3);
  for (let partition = 0; partition < 3; partition++)
    await write(topic, partition, ['x'.repeat(600_000), 'small']);
  const records = await readAll(cluster, topic, 'read_committed', {
    partitionMaxBytes: 1000,
    budgetBytes: 100_000,
  });
  expect(records.map((r) => r.value?.length ?? 0).sort((a, b) => a - b)).toEqual([
    5, 5, 5, 600_000, 600_000, 600_000,
  ]);
});

test('memory is bounded: what is held never passes the budget, and reading goes on when blocks are released', async () => {
  const topic = await makeTopic(cluster, 4);
  for (let i = 0; i < 20; i++) {
    for (let partition = 0; partition < 4; partition++)
      sendRecords(producer, { topic, partition }, ['x'.repeat(90_000)]);
  }
  await producer.flush();
  const budgetBytes = 1_000_000;
  const fetcher = open({ budgetBytes, partitionMaxBytes: 200_000 });
  fetcher.assign([0, 1, 2, 3].map((partition) => ({ topic, partition, offset: 0 })));
  const held: FetchedBlock[] = [];
  let seen = 0;
  while (seen < 80) {
    const block = fetcher.poll();
    if (block !== undefined) {
      held.push(block);
      seen += block.index.count;
    }
    const bytes = held.reduce((sum, b) => sum + b.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(budgetBytes + 100_000);
    if (bytes > budgetBytes - 400_000) for (const b of held.splice(0)) b.release();
    if (block === undefined) await fetcher.waitForData(AbortSignal.timeout(60_000));
  }
});

test('fault 1.2.5: compressed records take their room when they are decompressed, and all of them come', async () => {
  const topic = await makeTopic(cluster, 3);
  const packing = await IdempotentProducer.open(cluster, { compression: 'lz4' });
  for (let i = 0; i < 30; i++) {
    for (let partition = 0; partition < 3; partition++)
      sendRecords(packing, { topic, partition }, ['x'.repeat(300_000)]);
  }
  await packing.flush();
  await packing.close();
  const budgetBytes = 1_000_000;
  const fetcher = open({ budgetBytes });
  fetcher.assign([0, 1, 2].map((partition) => ({ topic, partition, offset: 0 })));
  const next = [0, 0, 0];
  let most = 0;
  while (next.some((offset) => offset < 30)) {
    const block = fetcher.poll();
    if (block === undefined) {
      await fetcher.waitForData(AbortSignal.timeout(60_000));
      continue;
    }
    expect(block.startOffset).toBe(next[block.partition]);
    next[block.partition] = block.nextOffset;
    most = Math.max(most, block.bytes);
    block.release();
  }
  // All 30 batches of a partition, 9 MB, come in one answer: of that no more is decompressed than there is room for.
  expect(most).toBeLessThanOrEqual(budgetBytes + 300_100);
});

test('a paused partition keeps what it has and hands it out when it is resumed', async () => {
  const topic = await makeTopic(cluster, 2);
  await write(topic, 0, ['a']);
  await write(topic, 1, ['b']);
  const fetcher = open();
  fetcher.assign([
    { topic, partition: 0, offset: 0 },
    { topic, partition: 1, offset: 0 },
  ]);
  fetcher.pause({ topic, partition: 0 });
  expect((await nextBlock(fetcher)).partition).toBe(1);
  expect(fetcher.poll()).toBeUndefined();
  fetcher.resume({ topic, partition: 0 });
  expect((await nextBlock(fetcher)).partition).toBe(0);
});

test('onReady tells that poll has something, once until the next poll', async () => {
  const topic = await makeTopic(cluster);
  let told = 0;
  const fetcher = open({ onReady: () => (told += 1) });
  fetcher.assign([{ topic, partition: 0, offset: 0 }]);
  await write(topic, 0, ['a']);
  await until('onReady', () => Promise.resolve(told > 0));
  await write(topic, 0, ['b']);
  await write(topic, 0, ['c']);
  expect(told).toBe(1);
  expect((await nextBlock(fetcher)).index.count).toBeGreaterThan(0);
});

test('partitions are added while it runs, records written later come soon', async () => {
  const [first, second] = [await makeTopic(cluster), await makeTopic(cluster)];
  const fetcher = open({ maxWaitMs: 2_000 });
  fetcher.assign([{ topic: first, partition: 0, offset: 0 }]);
  await write(first, 0, ['1']);
  expect((await nextBlock(fetcher)).topic).toBe(first);
  fetcher.assign([{ topic: second, partition: 0, offset: 0 }]);
  await write(second, 0, ['2']);
  expect((await nextBlock(fetcher)).topic).toBe(second);
});

test('broken connections are replaced, nothing is lost or read twice', async () => {
  const topic = await makeTopic(cluster, 2);
  const own = await openCluster(inject('kafkaBootstrap'));
  const sockets: BrokerConnection[] = [];
  const openConnection = own.ownConnectionTo.bind(own);
  own.ownConnectionTo = async (nodeId) => {
    const connection = await openConnection(nodeId);
    sockets.push(connection);
    return connection;
  };
  const fetcher = open({ partitionMaxBytes: 2_000 }, own);
  fetcher.assign([
    { topic, partition: 0, offset: 0 },
    { topic, partition: 1, offset: 0 },
  ]);
  const seen: [string[], string[]] = [[], []];
  for (let round = 0; round < 10; round++) {
    await write(topic, round % 2, numbered(100, round * 100));
    for (const socket of sockets.splice(0)) socket.drop(new Error('cut by the test'));
    while (seen[0].length + seen[1].length < (round + 1) * 100) {
      const block = await nextBlock(fetcher);
      const { index } = block;
      for (let i = 0; i < index.count; i++) {
        seen[block.partition === 0 ? 0 : 1].push(
          Buffer.from(index.data.subarray(index.valueStarts[i], index.valueEnds[i])).toString(),
        );
      }
      block.release();
    }
  }
  await own.close();
  expect(seen[0]).toEqual([0, 2, 4, 6, 8].flatMap((round) => numbered(100, round * 100)));
  expect(seen[1]).toEqual([1, 3, 5, 7, 9].flatMap((round) => numbered(100, round * 100)));
});

describe('what a retry can not heal is thrown', () => {
  test('an offset beyond the end, with what is wanted and what is there', async () => {
    const topic = await makeTopic(cluster);
    await write(topic, 0, ['a', 'b']);
    const fetcher = open();
    fetcher.assign([{ topic, partition: 0, offset: 17 }]);
    await expect(nextBlock(fetcher)).rejects.toMatchObject({
      code: 'WEIR-4011',
      message: expect.stringMatching(/offset 17 is wanted, the log holds 0 to 2/) as string,
    });
  });

  test('a topic that is not there, with what looks alike', async () => {
    const topic = await makeTopic(cluster);
    const fetcher = open();
    fetcher.assign([{ topic: topic.slice(0, -1), partition: 0, offset: 0 }]);
    await expect(nextBlock(fetcher)).rejects.toMatchObject({
      code: 'WEIR-4003',
      hint: expect.stringContaining(`'${topic}'`) as string,
    });
  });

  test('a topic that was deleted and made anew', async () => {
    const topic = await makeTopic(cluster);
    const [before] = await cluster.describeTopics([topic]);
    await deleteTopics(cluster, [topic]);
    await until(
      'the name is free',
      async () => (await createTopics(cluster, [{ topic, partitions: 1 }])).length === 1,
    );
    const [after] = await cluster.describeTopics([topic]);
    expect(after?.topicId).not.toBe(before?.topicId);
    await write(topic, 0, ['new']);
    const fetcher = open();
    fetcher.assign([{ topic, partition: 0, offset: 0, topicId: before?.topicId ?? '' }]);
    await expect(nextBlock(fetcher)).rejects.toMatchObject({ code: 'WEIR-4012' });
  });
});
