import { assert } from '@weir/kernel/assert.ts';
import type { TopicPartition } from './contracts/cluster.ts';

/** `topic-partition`, as Kafka's own tools write it: key of maps and of `firstOffsets`. */
export function topicPartitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** The reverse of topicPartitionKey: topics may hold hyphens, so the last one counts. */
export function parseTopicPartitionKey(key: string): TopicPartition {
  const hyphen = key.lastIndexOf('-');
  const partition = Number(key.slice(hyphen + 1));
  assert(hyphen > 0 && Number.isInteger(partition) && partition >= 0, `'${key}' is topic-partition`);
  return { topic: key.slice(0, hyphen), partition };
}
