import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { CompressionName } from '@weir/kafka/contracts/produce.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import type { BenchSetting } from './bench-setting.ts';
import { inputPartitions } from './fill-bids.ts';
import { runThroughputCase } from './throughput-case.ts';
import type { ThroughputCase, ThroughputFigures } from './throughput-case.ts';

/** An input made to be hard on memory. */
interface HardInput {
  readonly records: number;
  readonly recordsInBatch: number;
  readonly compression: CompressionName;
  readonly value: (record: number) => string;
}

export interface MemoryCase {
  readonly name: string;
  /** Null: the bids. */
  readonly input: HardInput | null;
  readonly of: ThroughputCase;
}

const bid = (auction: number, extra: string, micros: number) =>
  `{"auction":${auction},"bidder":1001,"price":100,"channel":"Google","url":"","dateTime":"${new Date(micros / 1000).toISOString()}","extra":"${extra}"}`;
const startMicros = Date.UTC(2026, 0, 1) * 1000;
const longText = 'x'.repeat(900 * 1024);
/** Above this many events a second nobody has been seen to go: a minute of event time is ten thousand of them a second. */
const hotPerSecond = 10_000;

export const memoryCases: readonly MemoryCase[] = [
  {
    name: 'memory-large-records',
    input: {
      records: 600,
      recordsInBatch: 1,
      compression: 'none',
      value: (record) => bid(record, longText, startMicros),
    },
    of: { name: 'memory-large-records', query: 'q0', sink: 'exactly-once' },
  },
  {
    name: 'memory-small-records',
    input: {
      records: 4_000_000,
      recordsInBatch: 100_000,
      compression: 'lz4',
      value: () => '{"auction":1}',
    },
    of: { name: 'memory-small-records', query: 'q0', sink: 'exactly-once' },
  },
  {
    name: 'memory-hot-key',
    input: {
      records: 60 * hotPerSecond,
      recordsInBatch: 300,
      compression: 'none',
      value: (record) => bid(7, '', startMicros + Math.floor(record / (hotPerSecond / 1000)) * 1000),
    },
    of: { name: 'memory-hot-key', query: 'tumble', sink: 'exactly-once' },
  },
  // The thread pool compresses more slowly than the source reads: the source is held back.
  {
    name: 'memory-slow-sink',
    input: null,
    of: { name: 'memory-slow-sink', query: 'q0', sink: 'exactly-once', compression: 'gzip' },
  },
];

/** Runs a pipeline over such an input: it finishes, and `peakRssMiB` tells what it took. */
export async function runMemoryCase(setting: BenchSetting, given: MemoryCase): Promise<ThroughputFigures> {
  const { input } = given;
  if (input === null) return await runThroughputCase(setting, given.of);
  const kafka = await KafkaCluster.open({
    bootstrapServers: setting.bootstrap.split(','),
    clientId: 'weir-bench',
  });
  const inputTopic = `bench-${given.name}-${process.pid}`;
  try {
    // The records' times are long ago: with a retention they would soon be gone.
    const configs = { 'retention.ms': '-1' };
    await createTopics(kafka, [{ topic: inputTopic, partitions: inputPartitions, configs }]);
    await fill(kafka, inputTopic, input);
    return await runThroughputCase(
      { ...setting, inputTopic, records: input.records, topicIsGiven: false },
      given.of,
    );
  } finally {
    await deleteTopics(kafka, [inputTopic]);
    await kafka.close();
  }
}

async function fill(kafka: KafkaCluster, topic: string, input: HardInput): Promise<void> {
  const { records, recordsInBatch, compression, value } = input;
  const producer = await IdempotentProducer.open(kafka, { compression, batchBytes: 64 * 1024 * 1024 });
  for (let written = 0, turn = 0; written < records; turn += 1) {
    const writer = producer.newBatch();
    for (let count = 0; count < recordsInBatch && written < records; count += 1, written += 1) {
      const bytes = Buffer.from(value(written));
      writer.reserve(bytes.length);
      writer.buffer.set(bytes, writer.valueStart);
      writer.commitRecord(writer.valueStart + bytes.length, startMicros / 1000);
    }
    producer.send({ topic, partition: turn % inputPartitions }, writer);
    if (!producer.hasRoom) await producer.waitForRoom();
  }
  await producer.flush({ deadlineMs: 60_000 });
  await producer.close();
}
