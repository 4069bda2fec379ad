import type { IsolationLevel, TopicPartition } from './cluster.ts';

/**
 * The records of one block as ranges into one buffer: a struct of arrays, reused between blocks. Only the first `count`
 * entries of each array count. All ranges refer to `data`, whether batches came compressed or not.
 */
export interface RecordIndex {
  readonly data: Uint8Array;
  readonly count: number;
  /** -1 for a null key; an empty key has start === end. */
  readonly keyStarts: Int32Array;
  readonly keyEnds: Int32Array;
  /** -1 for a null value (a tombstone). */
  readonly valueStarts: Int32Array;
  readonly valueEnds: Int32Array;
  /** The encoded headers (varint count, then each): see record-headers.ts. start === end when there are none. */
  readonly headerStarts: Int32Array;
  readonly headerEnds: Int32Array;
  readonly timestampsMs: Float64Array;
  readonly offsets: Float64Array;
}

/** Consecutive records of one partition: what one Fetch brought, over several record batches, aborted ones left out. */
export interface FetchedBlock extends TopicPartition {
  readonly index: RecordIndex;
  /** The offset that this block was read from. */
  readonly startOffset: number;
  /** Where to go on after this block; past control batches and aborted records. A block may hold no record and only move this. */
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Bytes held by the block: counted against the fetcher's budget until `release`. */
  readonly bytes: number;
  /**
   * Gives the index back for reuse and the bytes back to the budget. `data` itself is never overwritten, unless the fetcher was
   * made with `reuseMemory`: slices of it may be kept for as long as needed.
   */
  release(): void;
}

export interface FetcherOptions {
  readonly isolation: IsolationLevel;
  /** Most bytes of fetched data held at a time, blocks not yet released included. Default 32 MiB. */
  readonly budgetBytes?: number;
  /** Most bytes of one partition in one answer; a larger batch still comes. Default 2 MiB. */
  readonly partitionMaxBytes?: number;
  /** Most bytes of one record batch when it is decompressed; a larger one is an error. Default 128 MiB. */
  readonly batchMaxBytes?: number;
  /** How long a broker may hold a Fetch when there is nothing. Default 1000; at first, while nothing is known of a partition, less. */
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  /** Later answers overwrite `data` of blocks that were released: nobody may keep slices of it. Default false. */
  readonly reuseMemory?: boolean;
  /** Called when data (or an error) is there for poll(), at most once until the next poll(): for event-driven callers. */
  readonly onReady?: () => void;
}

export interface PartitionPosition extends TopicPartition {
  /** Next offset after the last block handed out by poll(). */
  readonly nextOffset: number;
  /** As of the last answer; -1 before the first one. */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Everything below the high watermark was handed out, as of the last answer: neither lagging nor held at the last stable offset. */
  readonly caughtUp: boolean;
  /** performance.now() of the last good answer for this partition, -1 before: a partition whose broker is away is not idle. */
  readonly answeredAtMs: number;
  readonly paused: boolean;
  /** The error that the fetcher is retrying at this moment, for status displays. */
  readonly retrying: string | undefined;
}

/**
 * Reads assigned partitions, no consumer group. Next Fetches are under way while blocks are worked on.
 * Implemented by fetch/partition-fetcher.ts: `new PartitionFetcher(cluster, options)`.
 *
 * Errors that a retry can't heal are thrown by poll() and waitForData(): WEIR-4010 a corrupt batch (topic, partition,
 * offset), WEIR-4014 a batch that is too large when decompressed, WEIR-4011 an offset out of range (wanted, available), WEIR-4003 a missing topic, WEIR-4005 no permission,
 * WEIR-4012 the topic was made anew (its id changed). Leader changes and lost connections are retried inside.
 */
export interface Fetcher {
  /** Adds partitions, from these next offsets; also while running (new partitions). `topicId` is verified when given. */
  assign(
    partitions: readonly (TopicPartition & { readonly offset: number; readonly topicId?: string })[],
  ): void;
  /** Stops reading it: what was fetched and not handed out is given up. It may be assigned again, from another offset. */
  unassign(partition: TopicPartition): void;
  /** The next block, or undefined when none is ready. Partitions take turns. */
  poll(): FetchedBlock | undefined;
  /** Resolves once poll() would return a block or throw; rejects with the signal's reason. */
  waitForData(signal?: AbortSignal): Promise<void>;
  /** Blocks already fetched are kept and handed out after resume(). */
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  position(partition: TopicPartition): PartitionPosition;
  positions(): readonly PartitionPosition[];
  close(): Promise<void>;
}
