import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { ownKafka } from '@weir/tool-stack/test-servers.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { expect, test } from 'vitest';
import { makeChaosTopics, partitions } from './chaos-pipeline.ts';
import { InputWriter } from './input-writer.ts';
import { plainReader } from './plain-reader.ts';

test('the input goes on, and ends, when Kafka dies under it: every record is there once at most', async () => {
  const broker = await ownKafka();
  const bootstrapServers = [broker.bootstrap];
  const kafka = await KafkaCluster.open({ bootstrapServers, clientId: 'input-writer-test' });
  try {
    const { input } = await makeChaosTopics(kafka, 'outlived');
    const say = () => undefined;
    const writer = await InputWriter.start(kafka, { topic: input, seed: 1, perSecond: 2000, say });
    const more = async () => {
      const before = writer.committed;
      await waitUntil(() => writer.committed > before, { what: 'more records to be committed' });
    };
    await more();
    await broker.stop();
    await broker.restart();
    await more();
    await broker.kill();
    await Promise.all([writer.stop(), broker.restart()]);

    const records: { id: number; ts: number }[] = [];
    await plainReader(broker.bootstrap).read(input, ({ value }) => records.push(recordOf(value)));
    expect(records.length).toBeGreaterThanOrEqual(writer.committed);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(records.some(({ id }) => id < 0)).toBe(false); // the other writer's, all aborted
    const endMs = Math.max(...records.map(({ ts }) => ts));
    const last = records.filter(({ ts }) => ts === endMs);
    expect(new Set(last.map(({ id }) => id % partitions)).size).toBe(partitions);
    expect(records.filter(({ ts }) => ts < endMs && ts > endMs - 3_000_000)).toEqual([]);
  } finally {
    await kafka.close();
    await broker.dispose();
  }
});

/** A record that nobody can read has its id alone. */
function recordOf(value: string): { id: number; ts: number } {
  const [, bad] = /^bad (-?\d+)$/.exec(value) ?? [];
  return bad === undefined ? JSON.parse(value) : { id: Number(bad), ts: -Infinity };
}
