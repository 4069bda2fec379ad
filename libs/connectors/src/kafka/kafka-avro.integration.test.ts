import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { sinkContext, subtaskContext } from '../testing/connector-contexts.ts';
import { kafkaConnector } from './kafka-connector.ts';
import { KafkaSource } from './kafka-source.ts';

const bootstrap = inject('kafkaBootstrap');
const ports = systemPorts();
let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'test' });
});
afterAll(() => cluster.close());

async function newTopic(): Promise<string> {
  const topic = `avro-${ports.rng.id(8)}`;
  await createTopics(cluster, [{ topic, partitions: 1 }]);
  return topic;
}

/** Writes values as they are. */
async function fill(topic: string, values: readonly Uint8Array[]): Promise<void> {
  const schema: Schema = { fields: [{ name: 'value', type: { kind: 'bytes' }, nullable: false }] };
  await write(
    topic,
    schema,
    values.map((value) => [value]),
    { format: 'raw_bytes' },
  );
}

async function write(
  topic: string,
  schema: Schema,
  rows: readonly PlainRow[],
  more: Record<string, string>,
): Promise<void> {
  const options = {
    bootstrap_servers: bootstrap,
    topic,
    'sink.commit_mode': 'at_least_once',
    ...more,
  };
  const node = sinkNode({ table: 'raw', connector: 'kafka', options, schema });
  const sink = present(
    kafkaConnector.createSink?.(node, sinkContext({ pipelineId: ports.rng.id(8) })),
    'sink',
  );
  await sink.open(1, 0);
  sink.write(batchOfRows(new BatchBuilder(schema, rows.length), rows));
  await sink.prepare(1, 2);
  await sink.close();
}

const schema: Schema = {
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'note', type: textType, nullable: true },
    { name: 'tags', type: { kind: 'json' }, nullable: false },
  ],
};
const written = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'] },
    { name: 'tags', type: { type: 'array', items: 'int' } },
  ],
};

async function openSource(topic: string, more: Record<string, string>): Promise<KafkaSource> {
  const options = {
    bootstrap_servers: bootstrap,
    topic,
    format: 'avro',
    'avro.schema': JSON.stringify(written),
    'source.offset': 'earliest',
    ...more,
  };
  const node = sourceNode({ table: 'orders', connector: 'kafka', options, schema });
  const source = new KafkaSource(node, subtaskContext());
  await source.open(await present(kafkaConnector.resolveStart, 'start')(node, subtaskContext()));
  return source;
}

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

const good = Uint8Array.of(2, 2, 4, 0x68, 0x69, 4, 2, 4, 0);
const bad = Uint8Array.of(2, 2, 4, 0x68);
const last = Uint8Array.of(4, 0, 0);

test('records of an inline Avro schema are rows; bad ones are left out where the table says so', async () => {
  const topic = await newTopic();
  await fill(topic, [good, bad, last]);
  const source = await openSource(topic, { bad_data: 'drop' });
  expect(await take(source, 2)).toEqual([
    [1n, 'hi', '[1,2]'],
    [2n, null, '[]'],
  ]);
  await source.close();
});

test('a bad record of Avro ends the pipeline, naming its place and its field', async () => {
  const topic = await newTopic();
  await fill(topic, [bad]);
  const source = await openSource(topic, {});
  const failure = await take(source, 1).catch((error: unknown) => error);
  expect(String(failure)).toMatch(/offset 0.*note: 2 bytes were to follow, the record ends after 1/s);
  await source.close();
});

test('a table of an inline Avro schema is written, and read back', async () => {
  const topic = await newTopic();
  const rows = [
    [1n, 'hi', '[1,2]'],
    [-2n, null, '[]'],
  ];
  await write(topic, schema, rows, { format: 'avro', 'avro.schema': JSON.stringify(written) });
  const source = await openSource(topic, {});
  expect(await take(source, 2)).toEqual(rows);
  await source.close();
});
