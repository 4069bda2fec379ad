import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import type { CommittedReader } from '@weir/tool-chaos/committed-reader.ts';
import { findCommittedReader } from '@weir/tool-chaos/find-committed-reader.ts';
import { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { ownKafkaCluster } from '@weir/tool-stack/test-servers.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { uniqueName } from './testing/e2e-cluster.ts';

const full = process.env['WEIR_TEST_FULL'] === '1';
const partitions = 4;
/** With one partition its leader is the coordinator of every transaction. */
const oneCoordinator = { 'transaction.state.log.num.partitions': '1' };
const transactions = '__transaction_state';

/** Records `{ id }`, written at a steady pace whatever happens to brokers; what counts as input is what is in the topic. */
class Feed {
  #nextId = 0;
  #stopping = false;
  readonly #ended: Promise<void>;

  constructor(kafka: KafkaCluster, topic: string) {
    this.#ended = this.#write(kafka, topic);
    this.#ended.catch(() => undefined); // told by stop()
  }

  get written(): number {
    return this.#nextId;
  }

  stop(): Promise<void> {
    this.#stopping = true;
    return this.#ended;
  }

  async #write(kafka: KafkaCluster, topic: string): Promise<void> {
    const producer = await IdempotentProducer.open(kafka);
    while (!this.#stopping) {
      const batch = producer.newBatch();
      for (let count = 0; count < 100; count += 1) {
        const value = Buffer.from(JSON.stringify({ id: this.#nextId++ }));
        batch.reserve(value.length);
        batch.buffer.set(value, batch.valueStart);
        batch.commitRecord(batch.valueStart + value.length, Date.now());
      }
      producer.send({ topic, partition: (this.#nextId / 100) % partitions }, batch);
      await producer.flush({ deadlineMs: 120_000 });
      await pause(50);
    }
    await producer.close();
  }
}

describe.runIf(full)('Kafka with three brokers, of which one is killed while records flow', () => {
  let brokers: Awaited<ReturnType<typeof ownKafkaCluster>>;
  let kafka: KafkaCluster;
  let processes: WeirCluster;
  let client: ClusterClient;
  let reader: CommittedReader;
  let feed: Feed;
  const folder = mkdtempSync(join(tmpdir(), 'weir-three-brokers-'));
  const input = uniqueName('numbers');
  const output = uniqueName('doubled');

  beforeAll(async () => {
    brokers = await ownKafkaCluster({ brokers: 3, properties: oneCoordinator });
    const { bootstrap } = brokers;
    kafka = await KafkaCluster.open({ bootstrapServers: bootstrap.split(','), clientId: 'three-brokers' });
    await createTopics(
      kafka,
      [input, output].map((topic) => ({ topic, partitions })),
    );
    processes = await WeirCluster.start({
      folder,
      cluster: uniqueName('three-brokers'),
      natsUrl: inject('natsUrl'),
      workers: 2,
    });
    client = new ClusterClient(processes.address);
    reader = await findCommittedReader(bootstrap);
    const table = (topic: string, more: string): string =>
      `WITH ('connector' = 'kafka', 'bootstrap_servers' = '${bootstrap}', 'topic' = '${topic}', 'format' = 'json', ${more})`;
    await client.create({
      name: 'doubled',
      sql: `CREATE TABLE numbers (id BIGINT NOT NULL) ${table(input, `'type' = 'source', 'source.offset' = 'earliest'`)};
            CREATE TABLE doubled (id BIGINT NOT NULL, twice BIGINT) ${table(output, `'type' = 'sink'`)};
            INSERT INTO doubled SELECT id, id * 2 AS twice FROM numbers;`,
      parallelism: 2,
      checkpointInterval: '200ms',
    });
    feed = new Feed(kafka, input);
    await client.until('doubled', 'to commit', ({ committedEpoch }) => committedEpoch > 0);
  });

  afterAll(async () => {
    await feed?.stop().catch(() => undefined);
    client?.close();
    await processes?.kill();
    await kafka?.close();
    await brokers?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['leads a partition of the output', () => output],
    ['leads a partition of the input', () => input],
    ['coordinates the transactions', () => transactions],
    ['coordinates them now', () => transactions],
  ])('the one that %s: epochs are committed without it', async (_, topic) => {
    const [description] = await kafka.describeTopics([topic()]);
    const broker = brokers.node(description?.partitions[0]?.leader ?? 0);
    const { epoch } = await client.get('doubled');
    const { written } = feed;
    await broker.kill();
    await client.until('doubled', 'to commit again', ({ committedEpoch }) => committedEpoch > epoch + 2);
    await waitUntil(() => feed.written > written + 500, { what: 'records to flow again' });
    await broker.restart();
  });

  test('every record came through exactly once', async () => {
    await feed.stop();
    const ids: number[] = [];
    await reader.read(input, ({ value }) => ids.push((JSON.parse(value) as { id: number }).id));
    expect(new Set(ids).size).toBe(feed.written);
    const rows = await waitUntil(
      async () => {
        const found: { id: number; twice: number }[] = [];
        await reader.read(output, ({ value }) => found.push(JSON.parse(value) as (typeof found)[number]));
        return found.length >= ids.length && found;
      },
      { what: `${ids.length} committed records in ${output}`, everyMs: 500 },
    );
    const wanted = ids.toSorted((a, b) => a - b).map((id) => ({ id, twice: id * 2 }));
    expect(rows.toSorted((a, b) => a.id - b.id)).toEqual(wanted);
    await client.stop('doubled');
    await client.untilState('doubled', 'stopped');
  });
});
