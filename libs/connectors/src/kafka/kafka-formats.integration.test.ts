import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Field } from '@weir/columnar/sql-type.ts';
import { SchemasById } from '@weir/formats/testing/avro-records.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import type { SubtaskContext } from '../connector.ts';
import { sinkContext, subtaskContext } from '../testing/connector-contexts.ts';
import { kafkaConnector } from './kafka-connector.ts';

const bootstrap = inject('kafkaBootstrap');
const ports = systemPorts();
let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'test' });
});
afterAll(() => cluster.close());

const id: Field = { name: 'id', type: bigintType, nullable: false };
const note: Field = { name: 'note', type: textType, nullable: true };

async function newTopic(): Promise<string> {
  const topic = `formats-${ports.rng.id(8)}`;
  await createTopics(cluster, [{ topic, partitions: 1 }]);
  return topic;
}

async function write(topic: string, fields: Field[], rows: PlainRow[], format: Record<string, string>) {
  const options = { bootstrap_servers: bootstrap, topic, 'sink.commit_mode': 'at_least_once', ...format };
  const node = sinkNode({ table: 'out', connector: 'kafka', options, schema: { fields } });
  const sink = present(
    kafkaConnector.createSink?.(node, sinkContext({ pipelineId: ports.rng.id(8) })),
    'sink',
  );
  await sink.open(1, 0);
  sink.write(batchOfRows(new BatchBuilder({ fields }, rows.length), rows));
  await sink.prepare(1, 2);
  await sink.close();
}

async function read(
  topic: string,
  fields: Field[],
  count: number,
  format: Record<string, string>,
  context: Partial<SubtaskContext> = {},
): Promise<PlainRow[]> {
  const options = {
    bootstrap_servers: bootstrap,
    topic,
    'source.offset': 'earliest',
    bad_data: 'drop',
    ...format,
  };
  const node = sourceNode({ table: 'in', connector: 'kafka', options, schema: { fields } });
  const source = present(kafkaConnector.createSource?.(node, subtaskContext(context)), 'source');
  await source.open(await present(kafkaConnector.resolveStart, 'start')(node, subtaskContext()));
  const rows: PlainRow[] = [];
  const deadline = AbortSignal.timeout(60_000);
  while (rows.length < count && !deadline.aborted) {
    const batch = source.poll();
    if (batch === undefined) await source.wait(deadline);
    else rows.push(...plainRows(batch));
  }
  await source.close();
  return rows;
}

const raw: Field[] = [{ name: 'value', type: { kind: 'bytes' }, nullable: false }];
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))));

test('CSV is written and read; of records of lines a bad line leaves out its record alone', async () => {
  const topic = await newTopic();
  await write(topic, [id, note], [[1n, 'a,"b"'], [2n, null], [3n, '']], { format: 'csv' }); // prettier-ignore
  await write(topic, raw, [[bytes('4,d\n5,e\n')], [bytes('6,f\nx,g\n')], [bytes('7,"h\ni"\r\n')]], {
    format: 'raw_bytes',
  });
  const rows = await read(topic, [id, note], 6, { format: 'csv', framing: 'newline' });
  expect(rows).toEqual([[1n, 'a,"b"'], [2n, null], [3n, ''], [4n, 'd'], [5n, 'e'], [7n, 'h\ni']]); // prettier-ignore
});

test('Protobuf whose records name their schemas is read, each by its own', async () => {
  const topic = await newTopic();
  const older = 'syntax = "proto3"; message Order { int64 id = 1; }';
  const newer =
    'syntax = "proto3"; message Before {} message Order { int32 id = 1; optional string note = 2; }';
  await write(
    topic,
    raw,
    [
      [bytes([0, 0, 0, 0, 7, 0, 8, 1])],
      [bytes([0, 0, 0, 0, 8, 2, 2, 8, 2, 18, 1], 'x')],
      [bytes([0, 0, 0, 0, 8, 2, 8, 8, 2])],
      [bytes([0, 0, 0, 0, 7, 0, 8, 3])],
    ],
    { format: 'raw_bytes' },
  );
  const options = {
    format: 'protobuf',
    'schema_registry.endpoint': 'http://registry',
    'protobuf.confluent_schema_registry': 'true',
  };
  const writers = new SchemasById({ 7: older, 8: newer }, {}, 'protobuf');
  const rows = await read(topic, [id, note], 3, options, { writerSchemas: () => writers });
  expect(rows).toEqual([[1n, null], [2n, 'x'], [3n, null]]); // prettier-ignore
});

test('Protobuf of an inline schema is read', async () => {
  const topic = await newTopic();
  await write(topic, raw, [[bytes([8, 5, 18, 2], 'hi')], [bytes([8])], [bytes([])]], { format: 'raw_bytes' });
  const schema = 'syntax = "proto3"; message Order { int64 id = 1; string note = 2; }';
  const rows = await read(topic, [id, note], 2, { format: 'protobuf', 'protobuf.schema': schema });
  expect(rows).toEqual([[5n, 'hi'], [0n, '']]); // prettier-ignore
});

test('Protobuf is written: with a schema made from the columns, and with one that is given', async () => {
  const made = await newTopic();
  const rows: PlainRow[] = [[1n, 'a'], [-(2n ** 60n), null]]; // prettier-ignore
  await write(made, [id, note], rows, { format: 'protobuf' });
  const schema = 'syntax = "proto3"; message Value { int64 id = 1; optional string note = 2; }';
  expect(await read(made, [id, note], 2, { format: 'protobuf', 'protobuf.schema': schema })).toEqual(rows);

  const given = await newTopic();
  const other =
    'syntax = "proto3"; message Order { optional string note = 7; sfixed64 id = 3; bool more = 1; }';
  await write(given, [id, note], rows, { format: 'protobuf', 'protobuf.schema': other });
  expect(await read(given, [id, note], 2, { format: 'protobuf', 'protobuf.schema': other })).toEqual(rows);
});

test('changes in Avro are read, each by the envelope that it names', async () => {
  const topic = await newTopic();
  const envelope = (more: string): string =>
    `{"type":"record","name":"E","fields":[{"name":"before","type":["null",{"type":"record","name":"V","fields":[{"name":"id","type":"long"},${more}{"name":"note","type":"string"}]}]},{"name":"after","type":["null","V"]},{"name":"op","type":"string"}]}`;
  const writers = new SchemasById({ 1: envelope(''), 2: envelope('{"name":"x","type":"int"},') });
  await write(
    topic,
    raw,
    [
      [bytes([0, 0, 0, 0, 1, 0, 2, 2, 2], 'a', [2], 'c')],
      [bytes([0, 0, 0, 0, 2, 2, 2, 8, 2], 'a', [2, 2, 8, 2], 'b', [2], 'u')],
      [bytes([0, 0, 0, 0, 1, 2, 2, 2], 'b', [0, 2], 'd')],
    ],
    { format: 'raw_bytes' },
  );
  const options = {
    format: 'debezium_avro',
    'schema_registry.endpoint': 'http://registry',
    'avro.confluent_schema_registry': 'true',
  };
  const rows = await read(topic, [id, note], 4, options, { writerSchemas: () => writers });
  expect(rows).toEqual([[1n, 'a'], [1n, 'a'], [1n, 'b'], [1n, 'b']]); // prettier-ignore
});
