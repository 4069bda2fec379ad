import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { partitions } from './chaos-pipeline.ts';

/** The last stable offset must get to where a log ended within this time. */
const readersMoveWithinMs = 5000;

/** How many partitions of the topics hold readers of committed records back from where their logs end now. */
export async function stuckReaders(kafka: KafkaCluster, topics: readonly string[]): Promise<number> {
  const all = topics.flatMap((topic) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  );
  const ends = await kafka.fetchOffsets(all, 'latest', 'read_uncommitted');
  const stuck = async () => {
    const stable = await kafka.fetchOffsets(all, 'latest', 'read_committed');
    return ends.filter(({ offset }, index) => (stable[index]?.offset ?? 0) < offset).length;
  };
  const options = { what: 'readers to reach the ends', deadlineMs: readersMoveWithinMs };
  return waitUntil(async () => (await stuck()) === 0, options).then(() => 0, stuck);
}
