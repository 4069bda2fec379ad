import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { NexmarkEvents } from '@weir/connectors/nexmark/nexmark-events.ts';
import { bidType, nexmarkSchema } from '@weir/connectors/nexmark/nexmark-schema.ts';
import type { Encoder } from '@weir/formats/encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { assert, present } from '@weir/kernel/assert.ts';

export const inputPartitions = 4;
/** What Java's producer sends at its best here: about 290 records. */
const producerBatchBytes = 64 * 1024;
const eventsAtOnce = 1024;
/** Of every 50 events the first four are a person and three auctions. */
const firstBidOfRound = 4;
const eventsPerRound = 50;

/** Bids as the peer's generator spells them: `dateTime` in SQL's way. */
const bidSchema: Schema = {
  fields:
    bidType.kind === 'struct'
      ? bidType.fields.map((field) => (field.name === 'datetime' ? { ...field, name: 'dateTime' } : field))
      : [],
};

/** Makes Nexmark bids as JSON, in the order of their time. */
class BidMaker {
  readonly #events: NexmarkEvents;
  readonly #builder: BatchBuilder;
  readonly #encoder = formatNamed('json').createEncoder(bidSchema, { 'json.timestamp_format': 'sql' });
  #next = 0;

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#events = new NexmarkEvents({ seed: 1, startMicros: startMs * 1000, eventsPerSecond: 10_000 });
    const bid = present(
      nexmarkSchema.fields.find((field) => field.name === 'bid'),
      'bids among the events of Nexmark',
    );
    this.#builder = new BatchBuilder({ fields: [bid] }, eventsAtOnce);
  }

  /** Binds the encoder to the next `count` bids (at most 1024). */
  next(count: number): Encoder {
    const builder = this.#builder;
    builder.reset();
    this.#events.begin();
    while (builder.rowCount < count) {
      if (this.#next % eventsPerRound >= firstBidOfRound) this.#events.append(this.#next, builder);
      this.#next += 1;
    }
    this.#events.finish(builder);
    const [bids] = builder.batch(-1).columns;
    assert(bids?.kind === 'struct', 'a bid is a struct');
    const batch: Batch = {
      schema: bidSchema,
      columns: bids.children,
      rowCount: count,
      rowKinds: null,
      partition: -1,
    };
    this.#encoder.begin(batch);
    return this.#encoder;
  }
}

/** Fills a topic of four partitions, record n into partition n mod 4, unless it holds that many already. */
export async function fillBids(
  bootstrap: string,
  topic: string,
  records: number,
  say: (line: string) => void,
): Promise<void> {
  const cluster = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'weir-bench' });
  try {
    const made = await createTopics(cluster, [
      { topic, partitions: inputPartitions, configs: { 'retention.ms': '-1', 'retention.bytes': '-1' } },
    ]);
    if (made.length === 0) {
      if ((await recordsIn(cluster, topic)) === records) return;
      await deleteTopics(cluster, [topic]);
      return await fillBids(bootstrap, topic, records, say);
    }
    say(`fills ${topic} with ${records.toLocaleString('en')} bids`);
    await produceBids(cluster, topic, records);
  } finally {
    await cluster.close();
  }
}

/** Offsets from the beginning to the end of all partitions of a topic. */
export async function recordsIn(cluster: KafkaCluster, topic: string): Promise<number> {
  const [description] = await cluster.describeTopics([topic]);
  const partitions = present(description, `topic ${topic}`).partitions.map(({ partition }) => ({
    topic,
    partition,
  }));
  const offsets = (spec: 'earliest' | 'latest') => cluster.fetchOffsets(partitions, spec, 'read_committed');
  const sum = (all: readonly { offset: number }[]) => all.reduce((total, { offset }) => total + offset, 0);
  return sum(await offsets('latest')) - sum(await offsets('earliest'));
}

async function produceBids(cluster: KafkaCluster, topic: string, records: number): Promise<void> {
  const producer = await IdempotentProducer.open(cluster, { batchBytes: producerBatchBytes });
  const maker = new BidMaker();
  const writers = Array.from({ length: inputPartitions }, () => producer.newBatch());
  for (let written = 0; written < records;) {
    const count = Math.min(eventsAtOnce, records - written);
    const encoder = maker.next(count);
    const nowMs = Date.now();
    for (let row = 0; row < count; row += 1) {
      const partition = (written + row) % inputPartitions;
      const bound = encoder.bound(row);
      let writer = present(writers[partition], 'batch of a partition');
      if (!writer.fits(bound)) {
        producer.send({ topic, partition }, writer);
        writer = producer.newBatch();
        writers[partition] = writer;
      }
      writer.reserve(bound);
      writer.commitRecord(encoder.encode(row, writer.buffer, writer.valueStart), nowMs);
    }
    written += count;
    if (!producer.hasRoom) await producer.waitForRoom();
  }
  for (const [partition, writer] of writers.entries()) producer.send({ topic, partition }, writer);
  await producer.flush({ deadlineMs: 60_000 });
  await producer.close();
}
