/*
 * Client CPU per million records of ~220 bytes: encode, produce (at least once and in transactions), fetch + CRC + index.
 * node libs/kafka/bench/kafka-cost.ts --bootstrap HOST:PORT [--records N]
 */
import { parseArgs } from 'node:util';
import { createTopics } from '../src/admin/create-topics.ts';
import { deleteTopics } from '../src/admin/delete-topics.ts';
import { KafkaCluster } from '../src/cluster-access.ts';
import type { BatchProducer, RecordBatchWriter } from '../src/contracts/produce.ts';
import { PartitionFetcher } from '../src/fetch/partition-fetcher.ts';
import { IdempotentProducer } from '../src/produce/idempotent-producer.ts';
import { TransactionalProducer } from '../src/produce/transactional-producer.ts';
import { BatchWriter } from '../src/record-batch/batch-writer.ts';

const { values } = parseArgs({
  options: {
    bootstrap: { type: 'string', default: '127.0.0.1:9092' },
    records: { type: 'string', default: '2000000' },
  },
});
const records = Number(values.records);
const partitions = 4;
const value = Buffer.from(
  JSON.stringify({
    auction: 1000,
    bidder: 2001,
    price: 123456,
    channel: 'Google',
    url: 'x'.repeat(90),
    dateTime: '2026-01-01 00:00:00.000',
    extra: 'y'.repeat(20),
  }),
);

function fill(writer: RecordBatchWriter, count: number): void {
  for (let i = 0; i < count; i++) {
    writer.reserve(value.length);
    writer.buffer.set(value, writer.valueStart);
    writer.commitRecord(writer.valueStart + value.length, 1_700_000_000_000 + i);
  }
}

async function measure(name: string, run: () => Promise<void>): Promise<void> {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  await run();
  const used = process.cpuUsage(cpu);
  const perMillion = (used.user + used.system) / records;
  console.log(
    JSON.stringify({
      name,
      records,
      cpuSecondsPerMillion: Number(perMillion.toFixed(3)),
      userPerMillion: Number((used.user / records).toFixed(3)),
      wallSeconds: Number(((performance.now() - wall) / 1000).toFixed(2)),
      peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
}

const perBatch = Math.floor((960 * 1024) / (value.length + 10));

async function produceAll(producer: BatchProducer, topic: string): Promise<void> {
  for (let sent = 0, turn = 0; sent < records; turn++) {
    const count = Math.min(perBatch, records - sent);
    const writer = producer.newBatch();
    fill(writer, count);
    producer.send({ topic, partition: turn % partitions }, writer);
    sent += count;
    if (!producer.hasRoom) await producer.waitForRoom();
  }
  await producer.flush();
}

const cluster = await KafkaCluster.open({ bootstrapServers: [values.bootstrap], clientId: 'bench' });
const suffix = Date.now().toString(36);
const topics = [`bench-idempotent-${suffix}`, `bench-transactional-${suffix}`];
await createTopics(
  cluster,
  topics.map((topic) => ({ topic, partitions })),
);

await measure('encode', async () => {
  const writer = new BatchWriter(1 << 20);
  for (let made = 0; made < records; made += perBatch) {
    writer.reset();
    fill(writer, Math.min(perBatch, records - made));
    await writer.seal('none', false);
    writer.stamp(1n, 0, 0);
  }
});
const idempotent = await IdempotentProducer.open(cluster);
await measure('encode and produce, at least once', () => produceAll(idempotent, topics[0] ?? ''));
await idempotent.close();
const transactional = await TransactionalProducer.open(cluster, `bench-${suffix}`, {
  transactionTimeoutMs: 60_000,
});
await measure('encode and produce, one transaction', async () => {
  await produceAll(transactional, topics[1] ?? '');
  transactional.handle();
  await transactional.commit();
});
await transactional.close();
for (const topic of topics) {
  await measure(`fetch, check and index ${topic.split('-')[1] ?? ''}`, async () => {
    const fetcher = new PartitionFetcher(cluster, { isolation: 'read_committed' });
    fetcher.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })));
    for (let seen = 0; seen < records;) {
      const block = fetcher.poll();
      if (block === undefined) await fetcher.waitForData(AbortSignal.timeout(60_000));
      else {
        seen += block.index.count;
        block.release();
      }
    }
    await fetcher.close();
  });
}
await deleteTopics(cluster, topics);
await cluster.close();
