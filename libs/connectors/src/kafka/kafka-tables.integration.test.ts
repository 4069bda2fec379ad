import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, intType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { createPartitions } from '@weir/kafka/admin/create-partitions.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteRecords } from '@weir/kafka/admin/delete-records.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { fetchGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { partitionOfKey } from '@weir/kafka/partitioner/murmur2.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { sinkNode as sinkOf, sourceNode as sourceOf, type TestTable } from '@weir/plan/testing/table-node.ts';
import { sinkContext, subtaskContext } from '../testing/connector-contexts.ts';
import type { Sink } from '../sink.ts';
import { kafkaConnector } from './kafka-connector.ts';
import { KafkaSource } from './kafka-source.ts';

const bootstrap = inject('kafkaBootstrap');
const ports = systemPorts();
const schema: Schema = {
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'text', type: textType, nullable: true },
  ],
};
let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'test' });
});
afterAll(() => cluster.close());

async function newTopic(partitions = 3): Promise<string> {
  const topic = `tables-${ports.rng.id(8)}`;
  await createTopics(cluster, [{ topic, partitions }]);
  return topic;
}

const table = (topic: string, options: Record<string, string>): TestTable => ({
  table: 't',
  connector: 'kafka',
  options: { bootstrap_servers: bootstrap, topic, format: 'json', ...options },
  schema,
});
const sourceNode = (topic: string, options: Record<string, string> = {}): SourceNode =>
  sourceOf(table(topic, options));
const sinkNode = (topic: string, options: Record<string, string> = {}): SinkNode =>
  sinkOf(table(topic, options));

async function openSink(node: SinkNode): Promise<Sink> {
  const context = sinkContext({ pipelineId: ports.rng.id(8) });
  const sink = present(kafkaConnector.createSink?.(node, context), 'sink');
  await sink.open(1, 0);
  return sink;
}

const rowsOf = (from: number, to: number): PlainRow[] =>
  Array.from({ length: to - from }, (_, index) => [BigInt(from + index), `row ${from + index}`]);

function write(sink: Sink, rows: PlainRow[]): void {
  sink.write(batchOfRows(new BatchBuilder(schema, rows.length), rows));
}

async function openSource(node: SourceNode): Promise<KafkaSource> {
  const source = new KafkaSource(node, subtaskContext());
  await source.open(await present(kafkaConnector.resolveStart, 'start')(node, subtaskContext()));
  return source;
}

/** Reads until `count` rows have come. */
async function take(source: KafkaSource, count: number): Promise<PlainRow[]> {
  const rows: PlainRow[] = [];
  const deadline = AbortSignal.timeout(60_000);
  while (rows.length < count && !deadline.aborted) {
    const batch = source.poll();
    if (batch === undefined) await source.wait(deadline);
    else rows.push(...plainRows(batch));
  }
  return rows;
}

const ids = (rows: PlainRow[]) => rows.map((row) => Number(row[0])).toSorted((a, b) => a - b);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test('an at-least-once sink shows its rows before any commit, and has nothing to commit', async () => {
  const topic = await newTopic();
  const sink = await openSink(sinkNode(topic, { 'sink.commit_mode': 'at_least_once' }));
  const source = await openSource(sourceNode(topic, { 'source.offset': 'earliest' }));
  write(sink, rowsOf(0, 100));
  expect(ids(await take(source, 100))).toEqual(range(0, 100));
  expect(await sink.prepare(1, 2)).toEqual({ kind: 'empty' });
  await Promise.all([sink.close(), source.close()]);
});

test('read_uncommitted sees rows of an open transaction; read_committed waits for the commit', async () => {
  const topic = await newTopic();
  const sink = await openSink(sinkNode(topic));
  const options = { 'source.offset': 'earliest' };
  const early = await openSource(sourceNode(topic, { ...options, 'source.read_mode': 'read_uncommitted' }));
  const late = await openSource(sourceNode(topic, options));
  write(sink, rowsOf(0, 10));
  const handle = await sink.prepare(1, 2);
  expect(ids(await take(early, 10))).toEqual(range(0, 10));
  expect(late.poll()).toBeUndefined();
  await sink.commit(1, handle);
  expect(ids(await take(late, 10))).toEqual(range(0, 10));
  await Promise.all([sink.close(), early.close(), late.close()]);
});

test("'latest' begins after what is there, for quiet partitions too, and goes on from a snapshot", async () => {
  const topic = await newTopic();
  const sink = await openSink(sinkNode(topic, { 'sink.commit_mode': 'at_least_once' }));
  write(sink, rowsOf(0, 10));
  await sink.prepare(1, 2);
  const node = sourceNode(topic, { 'source.offset': 'latest' });
  const first = await openSource(node);
  const start = first.snapshot();
  expect(Object.keys(start)).toHaveLength(3);
  write(sink, rowsOf(10, 20));
  await sink.prepare(2, 3);
  expect(ids(await take(first, 10))).toEqual(range(10, 20));
  // A crash before the first epoch: the start positions are numbers, nothing is skipped.
  const again = new KafkaSource(node, subtaskContext());
  await again.open(start);
  expect(ids(await take(again, 10))).toEqual(range(10, 20));
  await Promise.all([sink.close(), first.close(), again.close()]);
});

test('committed positions are told to the consumer group as next offsets', async () => {
  const topic = await newTopic(1);
  const sink = await openSink(sinkNode(topic, { 'sink.commit_mode': 'at_least_once' }));
  write(sink, rowsOf(0, 25));
  await sink.prepare(1, 2);
  const group = `group-${ports.rng.id(8)}`;
  const source = await openSource(
    sourceNode(topic, { 'source.offset': 'earliest', 'source.group_id': group }),
  );
  await take(source, 25);
  await source.committed(source.snapshot());
  const offsets = await fetchGroupOffsets(cluster, group, [{ topic, partition: 0 }]);
  expect(offsets).toMatchObject([{ topic, partition: 0, offset: 25 }]);
  await Promise.all([sink.close(), source.close()]);
});

test("keyed rows go where Java's client puts them; place, time and key come back as metadata columns", async () => {
  const topic = await newTopic();
  const sink = await openSink(
    sinkNode(topic, { 'sink.commit_mode': 'at_least_once', 'sink.key_field': 'text' }),
  );
  write(sink, rowsOf(0, 50));
  await sink.prepare(1, 2);
  const node: SourceNode = {
    ...sourceNode(topic, { 'source.offset': 'earliest' }),
    schema: {
      fields: [
        ...schema.fields,
        { name: 'p', type: intType, nullable: false },
        { name: 'k', type: { kind: 'bytes' }, nullable: true },
        { name: 'o', type: bigintType, nullable: false },
      ],
    },
    metadata: [null, null, 'partition', 'key', 'offset'],
  };
  const source = await openSource(node);
  const rows = await take(source, 50);
  for (const [, text, partition, key] of rows) {
    const bytes = new TextEncoder().encode(String(text));
    expect(Number(partition)).toBe(partitionOfKey(bytes, 0, bytes.length, 3));
    expect(Buffer.from(key as Uint8Array).toString()).toBe(text);
  }
  expect(new Set(rows.map((row) => `${String(row[2])}/${String(row[4])}`)).size).toBe(50);
  await Promise.all([sink.close(), source.close()]);
});

test('offsets that the topic no longer has are never reset: a topic made anew and a position beyond the log are errors', async () => {
  const topic = await newTopic(1);
  const node = sourceNode(topic, { 'source.offset': 'earliest' });
  const first = await openSource(node);
  const saved = first.snapshot();
  await first.close();

  const ahead = new KafkaSource(node, subtaskContext());
  const split = Object.keys(saved)[0] ?? '';
  await ahead.open({ [split]: { ...saved[split], nextOffset: '1000' } });
  await expect(take(ahead, 1)).rejects.toThrow(expect.objectContaining({ code: 'WEIR-4011' }));
  await ahead.close();

  await deleteTopics(cluster, [topic]);
  await createTopics(cluster, [{ topic, partitions: 1 }]);
  const anew = new KafkaSource(node, subtaskContext());
  await expect(
    (async () => {
      await anew.open(saved);
      await take(anew, 1);
    })(),
  ).rejects.toThrow(expect.objectContaining({ code: 'WEIR-4012' }));
  await anew.close();
});

test('records that retention took before they were read are an error that says what is wanted and what is there', async () => {
  const topic = await newTopic(1);
  const node = sourceNode(topic, { 'source.offset': 'earliest' });
  const first = await openSource(node);
  const saved = first.snapshot();
  await first.close();
  const sink = await openSink(sinkNode(topic, { 'sink.commit_mode': 'at_least_once' }));
  write(sink, rowsOf(0, 30));
  await sink.prepare(1, 2);
  await deleteRecords(cluster, { topic, partition: 0 }, 20);
  const late = new KafkaSource(node, subtaskContext());
  await late.open(saved);
  const message = `topic '${topic}', partition 0: offset 0 is wanted, the log holds 20 to 30`;
  await expect(take(late, 1)).rejects.toThrow(expect.objectContaining({ code: 'WEIR-4011', message }));
  await Promise.all([late.close(), sink.close()]);
});

test('a partition is at its end only when it is read up to it: not while rows wait, nor while an open transaction holds them back', async () => {
  const topic = await newTopic(1);
  let clockMs = 0;
  // Each look finds that the last one was long ago.
  const clock = { ...ports.clock, monotonicMs: () => (clockMs += 1000) };
  const node = sourceNode(topic, { 'source.offset': 'earliest' });
  const source = new KafkaSource(node, subtaskContext({ ports: { ...ports, clock } }));
  await source.open(await present(kafkaConnector.resolveStart, 'start')(node, subtaskContext()));
  /** Whether the partition is at its end, as told the last time it changed. */
  let atEnd = false;
  const look = async (): Promise<boolean> => {
    await source.wait(AbortSignal.timeout(100));
    for (const change of source.takeEndChanges(false)) ({ atEnd } = change);
    return atEnd;
  };
  const until = (wanted: boolean) => expect.poll(look, { timeout: 60_000, interval: 1 }).toBe(wanted);
  await until(true); // empty
  const sink = await openSink(sinkNode(topic));
  write(sink, rowsOf(0, 10));
  const handle = await sink.prepare(1, 2);
  await until(false); // held back
  await sink.commit(1, handle);
  await expect.poll(() => Object.values(source.stats().lag)[0], { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await look()).toBe(false); // the rows are there, nobody has asked for them yet
  expect(ids(await take(source, 10))).toEqual(range(0, 10));
  expect(source.poll()).toBeUndefined();
  await until(true);
  await Promise.all([sink.close(), source.close()]);
});

test('fault 1.1: a bounded read ends although partitions were added, and others go on being written', async () => {
  const topic = await newTopic(2);
  const sink = await openSink(sinkNode(topic, { 'sink.commit_mode': 'at_least_once' }));
  write(sink, rowsOf(0, 10)); // all in partition 0: 1 is empty
  await sink.prepare(1, 2);
  const node = sourceNode(topic, { 'source.offset': 'earliest', 'source.bounded': 'latest' });
  const start = await present(kafkaConnector.resolveStart, 'start')(node, subtaskContext());
  await createPartitions(cluster, topic, 4);
  const long = 'x'.repeat(10_000);
  for (let round = 0; round < 8; round += 1) {
    write(
      sink,
      rowsOf(10, 60).map(([id]) => [id ?? null, long]),
    ); // 500 KB behind the end of each
  }
  await sink.prepare(2, 3);
  // What was fetched of one partition behind its end would fill the budget that the others need.
  const source = new KafkaSource(node, subtaskContext({ fetchBudgetBytes: 256 * 1024 }));
  await source.open(start);
  expect(source.partitions()).toEqual([0, 1]);
  expect(ids(await take(source, 10))).toEqual(range(0, 10));
  await expect.poll(() => (source.poll(), source.ended), { timeout: 60_000 }).toBe(true);
  expect(source.stats()).toMatchObject({ records: 10, warnings: [] });
  await Promise.all([sink.close(), source.close()]);
});

test('a block of nothing but bad records leaves nothing behind for the next one', async () => {
  const topic = await newTopic(1);
  const raw = { ...sinkNode(topic, { 'sink.commit_mode': 'at_least_once', format: 'raw_string' }) };
  const bad = await openSink({
    ...raw,
    schema: { fields: [{ name: 'value', type: textType, nullable: true }] },
    metadata: [null],
  });
  bad.write(
    batchOfRows(
      new BatchBuilder({ fields: [{ name: 'value', type: textType, nullable: true }] }),
      Array.from({ length: 2000 }, () => [`{"id": "no number", "text": "${'y'.repeat(500)}"}`]),
    ),
  );
  await bad.prepare(1, 2);
  const sink = await openSink(sinkNode(topic, { 'sink.commit_mode': 'at_least_once' }));
  write(sink, rowsOf(0, 10));
  await sink.prepare(1, 2);
  const source = await openSource(sourceNode(topic, { 'source.offset': 'earliest', bad_data: 'drop' }));
  expect(await take(source, 10)).toEqual(rowsOf(0, 10));
  expect(source.stats()).toMatchObject({ records: 10, badRecords: 2000 });
  await Promise.all([bad.close(), sink.close(), source.close()]);
});
