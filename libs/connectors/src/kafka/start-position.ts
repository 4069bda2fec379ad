import { fetchGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { IsolationLevel, PartitionOffset, TopicPartition } from '@weir/kafka/contracts/cluster.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { splitName } from './kafka-split.ts';

/** Where a table is read from when there is no checkpoint (`source.offset`). */
export type StartPosition =
  | { readonly kind: 'earliest' | 'latest' }
  /** What the consumer group has committed; `otherwise` where it has nothing or its position is gone, null: that is an error. */
  | { readonly kind: 'group'; readonly otherwise: 'earliest' | 'latest' | null }
  | { readonly kind: 'timestamp'; readonly timestampMs: number };

export const startPattern =
  '^(earliest|latest|group(\\s*,\\s*(earliest|latest))?|timestamp:\\s*(\\d{1,16}|\\d{4}-\\d\\d-\\d\\d.*))$';

/** Undefined: it is none. */
export function parseStartPosition(text: string): StartPosition | undefined {
  if (text === 'earliest' || text === 'latest') return { kind: text };
  const group = /^group(?:\s*,\s*(earliest|latest))?$/.exec(text);
  if (group !== null) return { kind: 'group', otherwise: (group[1] ?? null) as 'earliest' | 'latest' | null };
  const time = /^timestamp:\s*(.+?)\s*$/.exec(text)?.[1];
  const timestampMs = time === undefined ? undefined : millisOf(time);
  return timestampMs === undefined ? undefined : { kind: 'timestamp', timestampMs };
}

/** Milliseconds since 1970, or a date and time of ISO 8601; without a zone it is UTC. */
function millisOf(text: string): number | undefined {
  if (/^\d{1,16}$/.test(text)) return Number(text);
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:?\d\d)?$/i.exec(
    text,
  );
  if (parts === null) return undefined;
  const [, date = '', time = '00:00:00', zone = 'Z'] = parts;
  const millis = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(millis) ? undefined : millis;
}

/**
 * Numbers for all partitions. A time behind the last record is the end of the log.
 * @throws WeirError WEIR-3209 where the group has no position that can be read
 */
export async function resolvePositions(
  cluster: KafkaCluster,
  table: string,
  start: StartPosition,
  group: string,
  partitions: readonly TopicPartition[],
  isolation: IsolationLevel,
): Promise<readonly PartitionOffset[]> {
  switch (start.kind) {
    case 'earliest':
    case 'latest':
      return cluster.fetchOffsets(partitions, start.kind, isolation);
    case 'timestamp':
      return cluster.fetchOffsets(partitions, { timestampMs: start.timestampMs }, isolation);
    case 'group':
      return groupPositions(cluster, table, start.otherwise, group, partitions, isolation);
  }
}

async function groupPositions(
  cluster: KafkaCluster,
  table: string,
  otherwise: 'earliest' | 'latest' | null,
  group: string,
  partitions: readonly TopicPartition[],
  isolation: IsolationLevel,
): Promise<readonly PartitionOffset[]> {
  const [committed, firsts, ends] = await Promise.all([
    fetchGroupOffsets(cluster, group, partitions),
    cluster.fetchOffsets(partitions, 'earliest', isolation),
    // Under read_committed a group may have been told of an end that open transactions hide now: any end will do.
    cluster.fetchOffsets(partitions, 'latest', 'read_uncommitted'),
  ]);
  const latest = otherwise === 'latest' ? await cluster.fetchOffsets(partitions, 'latest', isolation) : [];
  return partitions.map(({ topic, partition }, place) => {
    const found = committed.find((one) => one.topic === topic && one.partition === partition)?.offset;
    const first = firsts[place]?.offset ?? 0;
    const end = ends[place]?.offset ?? 0;
    if (found !== undefined && found >= first && found <= end) return { topic, partition, offset: found };
    if (otherwise === 'earliest') return { topic, partition, offset: first };
    if (otherwise === 'latest') return { topic, partition, offset: latest[place]?.offset ?? end };
    const what =
      found === undefined
        ? `has no position for ${splitName(topic, partition)}`
        : `stands at offset ${found} of ${splitName(topic, partition)}, the log holds ${first} to ${end}`;
    throw new WeirError(
      'WEIR-3209',
      `table ${table}: 'source.offset' = 'group', but the group '${group}' ${what}`,
      {
        hint: "say where to begin then: 'source.offset' = 'group, earliest' or 'group, latest'",
      },
    );
  });
}
