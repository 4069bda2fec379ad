import { expect, inject, test } from 'vitest';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { TransactionalProducer } from '@weir/kafka/produce/transactional-producer.ts';
import type { CommittedReader } from './committed-reader.ts';
import { librdkafkaReader } from './librdkafka-reader.ts';
import { plainReader } from './plain-reader.ts';

const bootstrap = inject('kafkaBootstrap');

/** Writes a record to both partitions in one transaction each, ended as told. */
async function writeTransactions(
  topic: string,
  ends: readonly ('commit' | 'abort' | 'open')[],
): Promise<void> {
  const kafka = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'readers-test' });
  await createTopics(kafka, [{ topic, partitions: 2 }]);
  // Two producers in turn: their transactions lie between each other in the log.
  const open = (id: string) =>
    TransactionalProducer.open(kafka, `${topic}-${id}`, { transactionTimeoutMs: 60_000 });
  const producers = [await open('a'), await open('b')];
  for (const [number, end] of ends.entries()) {
    const producer = producers[number % 2];
    if (producer === undefined) continue;
    for (const partition of [0, 1]) {
      const writer = producer.newBatch();
      const value = Buffer.from(`${number} ${end}`);
      writer.reserve(value.length);
      writer.buffer.set(value, writer.valueStart);
      writer.commitRecord(writer.valueStart + value.length, 1);
      producer.send({ topic, partition }, writer);
    }
    await producer.flush();
    producer.handle();
    if (end === 'commit') expect(await producer.commit()).toMatchObject({ outcome: 'committed' });
    if (end === 'abort') await producer.abort();
    if (end !== 'open') await producer.reinitialize();
  }
  for (const producer of producers) await producer.close();
  await kafka.close();
}

async function valuesBy(reader: CommittedReader, topic: string): Promise<string[]> {
  const found: string[] = [];
  await reader.read(topic, ({ partition, value }) => found.push(`${partition}: ${value}`));
  return found.sort();
}

test('both readers see committed records only', async () => {
  const topic = `readers-${process.pid}-${Date.now()}`;
  await writeTransactions(topic, ['commit', 'abort', 'abort', 'commit', 'commit', 'open']);
  const committed = ['0 commit', '3 commit', '4 commit'];
  const wanted = [0, 1].flatMap((partition) => committed.map((value) => `${partition}: ${value}`));
  expect(await valuesBy(plainReader(bootstrap), topic)).toEqual(wanted);
  const librdkafka = await librdkafkaReader(bootstrap);
  if (librdkafka !== undefined) expect(await valuesBy(librdkafka, topic)).toEqual(wanted);
});
