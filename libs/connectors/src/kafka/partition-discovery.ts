import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { IsolationLevel, TopicPartition } from '@weir/kafka/contracts/cluster.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { TimerHandle, Timers } from '@weir/kernel/ports.ts';
import type { ConnectorLog } from '../connector.ts';
import type { SplitPosition } from './kafka-split.ts';
import { isChosen, type TopicChoice } from './kafka-topics.ts';

export interface DiscoveryParts {
  readonly cluster: KafkaCluster;
  readonly choice: TopicChoice;
  readonly isolation: IsolationLevel;
  readonly everyMs: number;
  readonly timers: Timers;
  readonly log: ConnectorLog;
  /** Whether a partition is one that the subtask reads, and doesn't yet. */
  readonly isNew: (partition: TopicPartition) => boolean;
  readonly onFound: (found: readonly SplitPosition[]) => void;
}

/**
 * Looks for partitions that were added to the topics of a table, and for topics of its pattern, while it is read. Every subtask looks for
 * its own. One that is found is read from the beginning of its log: it is newer than anything that was read.
 *
 * That topics are gone or were made anew is noticed by the fetcher, which reads them.
 */
export class PartitionDiscovery {
  readonly #parts: DiscoveryParts;
  #timer: TimerHandle | null = null;
  #looking: Promise<void> | null = null;
  #closed = false;
  #failed = false;

  constructor(parts: DiscoveryParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = this.#parts.timers.every(this.#parts.everyMs, () => {
      this.#looking ??= this.#tryLook().finally(() => (this.#looking = null));
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  async #tryLook(): Promise<void> {
    try {
      await this.#look();
      this.#failed = false;
    } catch (error) {
      // It is asked again; whether the brokers are away is told by the fetcher.
      if (!this.#failed && !this.#closed)
        this.#parts.log.warn({ reason: describeError(error) }, 'new partitions could not be looked for');
      this.#failed = true;
    }
  }

  async #look(): Promise<void> {
    const { cluster, choice, isolation, isNew, onFound } = this.#parts;
    const { topics } = await cluster.refreshMetadata(choice.kind === 'names' ? choice.names : null);
    const ids = new Map<string, string>();
    const added: TopicPartition[] = [];
    for (const { topic, topicId, errorCode, internal, partitions } of topics) {
      if (errorCode !== 0 || internal || !isChosen(choice, topic)) continue;
      ids.set(topic, topicId);
      for (const { partition } of partitions)
        if (isNew({ topic, partition })) added.push({ topic, partition });
    }
    if (added.length === 0) return;
    const starts = await cluster.fetchOffsets(added, 'earliest', isolation);
    if (this.#closed) return;
    onFound(
      starts.map(({ topic, partition, offset }) => ({
        topic,
        partition,
        topicId: ids.get(topic) ?? '',
        nextOffset: offset,
        endOffset: undefined,
      })),
    );
  }
}
