import { commitGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { PartitionOffset } from '@weir/kafka/contracts/cluster.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { ConnectorLog } from '../connector.ts';
import type { SourceWarning } from '../source.ts';

/** The consumer group in which a table's progress is told. */
export function groupOf(options: Readonly<Record<string, string>>, pipeline: string, table: string): string {
  const own = `weir-${pipeline}-${table}`;
  const prefix = options['source.group_id_prefix'];
  return options['source.group_id'] ?? (prefix === undefined ? own : `${prefix}-${own}`);
}

/** Tells a group how far committed epochs go, for people and tools that look at its lag: nothing is read from it. */
export class ConsumerGroup {
  readonly name: string;
  readonly #table: string;
  readonly #log: ConnectorLog;
  #inUse = false;

  constructor(name: string, table: string, log: ConnectorLog) {
    this.name = name;
    this.#table = table;
    this.#log = log;
  }

  /** Next offsets. Best effort. */
  async commit(cluster: KafkaCluster, offsets: readonly PartitionOffset[]): Promise<void> {
    try {
      await commitGroupOffsets(cluster, this.name, offsets);
      this.#inUse = false;
    } catch (error) {
      this.#inUse = error instanceof WeirError && error.code === 'WEIR-4015';
      const fields = { group: this.name, table: this.#table, reason: describeError(error) };
      this.#log.warn(fields, 'group offsets were not committed');
    }
  }

  get warnings(): SourceWarning[] {
    if (!this.#inUse) return [];
    return [
      {
        code: 'WEIR-3210',
        message: `table ${this.#table}: the consumer group '${this.name}' has members of its own: the offsets that Kafka shows for it are theirs`,
        hint: "name a group that nobody joins in 'source.group_id'; what the pipeline reads doesn't depend on it",
      },
    ];
  }
}
