import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import { groupOf } from './consumer-group.ts';
import { isolationOf } from './kafka-options.ts';
import { splitName, splitState } from './kafka-split.ts';
import { describeChosen, topicChoice } from './kafka-topics.ts';
import { parseStartPosition, resolvePositions } from './start-position.ts';

/** Where each partition of a table's topics begins, as numbers, before the first start; of a bounded read also where it ends. */
export async function startSplits(
  cluster: KafkaCluster,
  table: string,
  options: Readonly<Record<string, string>>,
  pipeline: string,
): Promise<Readonly<Record<string, SplitState>>> {
  const topics = await describeChosen(cluster, topicChoice(options), []);
  const all = topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition }) => ({ topic, partition })),
  );
  const isolation = isolationOf(options);
  const start = present(
    parseStartPosition(options['source.offset'] ?? 'latest'),
    'a position that was checked',
  );
  const group = groupOf(options, pipeline, table);
  const starts = await resolvePositions(cluster, table, start, group, all, isolation);
  const bounded = options['source.bounded'] === 'latest';
  const ends = bounded ? await cluster.fetchOffsets(all, 'latest', isolation) : [];
  const ids = new Map(topics.map(({ topic, topicId }) => [topic, topicId]));
  return Object.fromEntries(
    starts.map(({ topic, partition, offset }, place) => [
      splitName(topic, partition),
      splitState({
        topic,
        partition,
        topicId: present(ids.get(topic), 'id of a topic that was described'),
        nextOffset: offset,
        endOffset: ends[place]?.offset,
      }),
    ]),
  );
}
