import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { PartitionFetcher } from '@weir/kafka/fetch/partition-fetcher.ts';
import { present } from '@weir/kernel/assert.ts';

/** Records of a topic that a read_committed reader sees, read one by one. */
export async function countRecords(kafka: KafkaCluster, topic: string): Promise<number> {
  const [description] = await kafka.describeTopics([topic]);
  const partitions = present(description, `topic ${topic}`).partitions.map(({ partition }) => ({
    topic,
    partition,
  }));
  const ends = await kafka.fetchOffsets(partitions, 'latest', 'read_committed');
  const unread = new Map(
    ends.filter(({ offset }) => offset > 0).map(({ partition, offset }) => [partition, offset]),
  );
  const fetcher = new PartitionFetcher(kafka, { isolation: 'read_committed', reuseMemory: true });
  fetcher.assign([...unread.keys()].map((partition) => ({ topic, partition, offset: 0 })));
  let records = 0;
  while (unread.size > 0) {
    const block = fetcher.poll();
    if (block === undefined) {
      await fetcher.waitForData();
      continue;
    }
    records += block.index.count;
    if (block.nextOffset >= (unread.get(block.partition) ?? 0)) unread.delete(block.partition);
    block.release();
  }
  await fetcher.close();
  return records;
}
