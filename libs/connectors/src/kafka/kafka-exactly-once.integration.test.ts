import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows } from '@weir/columnar/row-view.ts';
import { bigintType, textType } from '@weir/columnar/sql-type.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { KafkaHandle, SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { maxTransactionTimeoutMs } from '@weir/kafka/admin/describe-configs.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import { recoveryContext, sinkContext, subtaskContext } from '../testing/connector-contexts.ts';
import { KafkaRecovery } from './kafka-recovery.ts';
import { kafkaConnector } from './kafka-connector.ts';
import { KafkaSource } from './kafka-source.ts';
import { KafkaTransactionalSink } from './transactional-sink/kafka-transactional-sink.ts';

const bootstrap = inject('kafkaBootstrap');
const schema: Schema = {
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'text', type: textType, nullable: true },
  ],
};
const ports = systemPorts();
let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'test' });
});
afterAll(() => cluster.close());

function nodes(topic: string): { source: SourceNode; sink: SinkNode } {
  const options = { bootstrap_servers: bootstrap, topic, format: 'json', 'source.offset': 'earliest' };
  const table = { table: 't', connector: 'kafka', schema, options };
  return { source: sourceNode(table), sink: sinkNode(table) };
}

async function newTopic(): Promise<string> {
  const topic = `eo-${ports.rng.id(8)}`;
  await createTopics(cluster, [{ topic, partitions: 3 }]);
  return topic;
}

function write(sink: KafkaTransactionalSink, from: number, to: number): void {
  const rows = Array.from({ length: to - from }, (_, index) => [
    BigInt(from + index),
    `row "${from + index}"`,
  ]);
  sink.write(batchOfRows(new BatchBuilder(schema, rows.length), rows));
}

/** Reads what a read_committed reader sees, up to the end of the partitions as it is now. */
async function readAll(topic: string): Promise<number[]> {
  const node = nodes(topic).source;
  const bounded = { ...node, options: { ...node.options, 'source.bounded': 'latest' } };
  const source = new KafkaSource(bounded, subtaskContext());
  await source.open(await present(kafkaConnector.resolveStart, 'start')(bounded, subtaskContext()));
  const ids: number[] = [];
  while (!source.ended) {
    const batch = source.poll();
    if (batch === undefined) await source.wait(AbortSignal.timeout(60_000));
    else for (const row of plainRows(batch)) ids.push(Number(row[0]));
  }
  await source.close();
  return ids.toSorted((a, b) => a - b);
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test('rows of many epochs are read once each, and only after their commit', async () => {
  const topic = await newTopic();
  const sink = new KafkaTransactionalSink(nodes(topic).sink, sinkContext({ pipelineId: ports.rng.id(8) }));
  await sink.open(1);
  for (let epoch = 1; epoch <= 7; epoch += 1) {
    write(sink, (epoch - 1) * 500, epoch * 500 - 250);
    const preparing = sink.prepare(epoch, epoch + 1);
    write(sink, epoch * 500 - 250, epoch * 500);
    const handle = await preparing;
    if (epoch === 1) expect(await readAll(topic)).toEqual([]);
    await sink.commit(epoch, handle);
    await sink.commit(epoch, handle);
  }
  expect(await readAll(topic)).toEqual(range(0, 3250));
  await sink.close();
});

test('an epoch without rows has an empty handle, and the slots go on', async () => {
  const topic = await newTopic();
  const sink = new KafkaTransactionalSink(nodes(topic).sink, sinkContext({ pipelineId: ports.rng.id(8) }));
  await sink.open(1);
  const handles: SinkHandle[] = [];
  for (let epoch = 1; epoch <= 5; epoch += 1) {
    if (epoch % 2 === 0) write(sink, epoch * 10, epoch * 10 + 10);
    const handle = await sink.prepare(epoch, epoch + 1);
    await sink.commit(epoch, handle);
    handles.push(handle);
  }
  expect(handles.map((handle) => handle.kind)).toEqual(['empty', 'kafka', 'empty', 'kafka', 'empty']);
  expect(await readAll(topic)).toEqual([...range(20, 30), ...range(40, 50)]);
  await sink.close();
});

test('another process commits what a dead sink prepared, then fences it and aborts the rest', async () => {
  const topic = await newTopic();
  const pipelineId = ports.rng.id(8);
  const node = nodes(topic).sink;
  const sink = new KafkaTransactionalSink(node, sinkContext({ pipelineId }));
  await sink.open(1);
  write(sink, 0, 100);
  const handle = (await sink.prepare(1, 2)) as KafkaHandle;
  write(sink, 100, 200);
  const second = await sink.prepare(2, 3);

  const recovery = new KafkaRecovery(node, recoveryContext({ pipelineId }));
  expect(await recovery.ongoingGenerations()).toEqual([1]);
  expect(await recovery.endTransaction(handle)).toBe('NONE');
  expect(await recovery.endTransaction(handle)).toBe('NONE');
  await recovery.cleanUp([{ generation: 1, parallelism: 1 }]);
  expect(await recovery.ongoingGenerations()).toEqual([]);
  expect(await recovery.askLog(handle)).toBe('committed');
  expect(await readAll(topic)).toEqual(range(0, 100));

  // The zombie finds itself fenced at its next commit, says so, and does nothing more.
  await expect(sink.commit(2, second)).rejects.toThrow(expect.objectContaining({ code: 'WEIR-7302' }));
  expect(() => write(sink, 200, 300)).toThrow();
  expect(await readAll(topic)).toEqual(range(0, 100));
  await sink.close();
  await recovery.close();
});

test('a transaction timeout that its epochs would outlive is refused', async () => {
  const { sink: node } = nodes(await newTopic());
  const options = { ...node.options, 'sink.transaction_timeout': '90s' };
  const sink = new KafkaTransactionalSink(
    { ...node, options },
    sinkContext({ checkpointIntervalMs: 20_000 }),
  );
  await expect(sink.open(1)).rejects.toThrow(expect.objectContaining({ code: 'WEIR-3206' }));
  await sink.close();
});

test('recovery knows how long a transaction of the sink can hang', async () => {
  const { sink: node } = nodes(await newTopic());
  const timeoutOf = async (options: Record<string, string>) => {
    const recovery = new KafkaRecovery(
      { ...node, options: { ...node.options, ...options } },
      recoveryContext(),
    );
    return recovery.transactionTimeoutMs().finally(() => recovery.close());
  };
  expect(await timeoutOf({ 'sink.transaction_timeout': '90s' })).toBe(90_000);
  expect(await timeoutOf({})).toBe(await maxTransactionTimeoutMs(cluster));
  expect(await timeoutOf({ 'sink.commit_mode': 'at_least_once' })).toBe(0);
});

test('fault 1.2.5: batches that are not full yet count: a sink of many partitions asks to stop in time', async () => {
  const topic = `eo-${ports.rng.id(8)}`;
  await createTopics(cluster, [{ topic, partitions: 64 }]);
  const node = nodes(topic).sink;
  const keyed = { ...node, options: { ...node.options, 'sink.key_field': 'text' } };
  const sink = new KafkaTransactionalSink(keyed, sinkContext({ pipelineId: ports.rng.id(8) }));
  await sink.open(1);
  // Nothing is sent meanwhile: what is written stays in memory.
  let rows = 0;
  while (sink.hasRoom()) {
    write(sink, rows, rows + 5000);
    rows += 5000;
  }
  expect(sink.stats().bytes).toBeLessThan(18 * 1024 * 1024);
  await sink.room();
  const handle = await sink.prepare(1, 2);
  await sink.commit(1, handle);
  // The markers of a commit reach 64 partitions one after the other.
  await expect.poll(async () => (await readAll(topic)).length, { timeout: 60_000 }).toBe(rows);
  await sink.close();
});
