import { assert, present } from '@weir/kernel/assert.ts';
import { dispositionOf, WeirError } from '@weir/kernel/errors.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import type { TopicPartition } from '../contracts/cluster.ts';
import type { FetchedBlock, Fetcher, FetcherOptions, PartitionPosition } from '../contracts/fetch.ts';
import { backOffMs, raceSignal, sleep } from '../deadline.ts';
import { RecordIndexBuffer } from '../record-batch/record-index.ts';
import { topicPartitionKey } from '../topic-partition.ts';
import { acceptAnswer } from './accept-answer.ts';
import { AnswerBuffers } from './answer-buffers.ts';
import type { FetchAnswer } from './broker-fetches.ts';
import { BrokerFetches } from './broker-fetches.ts';
import { fetcherDefaults, type ResolvedFetcherOptions } from './fetcher-options.ts';
import { PartitionReading } from './partition-reading.ts';
import type { QueuedFetch } from './partition-reading.ts';

/** Topic ids are compared this often, so that a topic made anew while nothing is read is noticed. */
const metadataAgeMs = 10_000;

/**
 * Reads assigned partitions; see the contract `Fetcher`. One BrokerFetches a leader keeps Fetches under way; `#pump` gives
 * each of them the partitions that may be asked for now.
 *
 * Invariants:
 * F1 A partition is in at most one Fetch at a time, and its queue holds consecutive ranges.
 * F2 Bytes queued (decompressed), lent out in blocks and asked for don't exceed the budget, but for batches larger than what was asked
 *    for: of each partition in an answer one batch comes whatever it decompresses to, up to batchMaxBytes.
 * F3 An error that a retry can't heal ends the fetcher: poll() throws it from then on.
 */
export class PartitionFetcher implements Fetcher {
  readonly #cluster: KafkaCluster;
  readonly #options: ResolvedFetcherOptions;
  readonly #onReady: (() => void) | undefined;
  readonly #readings = new Map<string, PartitionReading>();
  #order: PartitionReading[] = [];
  readonly #brokers = new Map<number, BrokerFetches>();
  readonly #freeIndexes: RecordIndexBuffer[] = [];
  readonly #buffers: AnswerBuffers;
  #turn = 0;
  #heldBytes = 0;
  #failure: Error | undefined;
  #closed = false;
  #waiters: (() => void)[] = [];
  #readyTold = false;
  #pumpTimer: NodeJS.Timeout | undefined;
  #pumpQueued = false;
  #refreshing: Promise<void> | undefined;
  #refreshedAtMs = -Infinity;
  readonly #metadataTimer: NodeJS.Timeout;

  constructor(cluster: KafkaCluster, options: FetcherOptions) {
    this.#cluster = cluster;
    const { onReady, ...given } = options;
    this.#options = { ...fetcherDefaults, ...given };
    this.#buffers = new AnswerBuffers(this.#options.reuseMemory ? this.#options.budgetBytes : 0);
    this.#onReady = onReady;
    this.#metadataTimer = setInterval(() => void this.#refresh(), metadataAgeMs);
    this.#metadataTimer.unref();
  }

  assign(
    partitions: readonly (TopicPartition & { readonly offset: number; readonly topicId?: string })[],
  ): void {
    for (const { topic, partition, offset, topicId } of partitions) {
      const key = topicPartitionKey(topic, partition);
      assert(!this.#readings.has(key), `partition ${key} is assigned to a fetcher once`);
      const reading = new PartitionReading(
        topic,
        partition,
        offset,
        topicId,
        this.#options.partitionMaxBytes,
      );
      this.#readings.set(key, reading);
      this.#order.push(reading);
    }
    this.#refreshedAtMs = -Infinity;
    this.#schedulePump();
  }

  unassign({ topic, partition }: TopicPartition): void {
    const reading = this.#reading(topic, partition);
    this.#readings.delete(topicPartitionKey(topic, partition));
    this.#order = this.#order.filter((other) => other !== reading);
    this.#giveUp(reading);
    this.#schedulePump();
  }

  #giveUp(reading: PartitionReading): void {
    for (const { bytes, lease } of reading.queue.splice(0)) {
      this.#heldBytes -= bytes;
      lease?.release();
    }
  }

  poll(): FetchedBlock | undefined {
    this.#readyTold = false;
    if (this.#failure !== undefined) throw this.#failure;
    const count = this.#order.length;
    for (let i = 0; i < count; i++) {
      const reading = present(this.#order[(this.#turn + i) % count], 'a partition in turn');
      if (reading.paused) continue;
      const fetched = reading.queue.shift();
      if (fetched === undefined) continue;
      this.#turn = (this.#turn + i + 1) % count;
      reading.nextOffset = fetched.nextOffset;
      this.#schedulePump();
      return this.#blockOf(reading, fetched);
    }
    return undefined;
  }

  #blockOf(reading: PartitionReading, fetched: QueuedFetch): FetchedBlock {
    const index = this.#freeIndexes.pop() ?? new RecordIndexBuffer();
    try {
      let expected = 0;
      for (const segment of fetched.segments) expected += segment.recordCount;
      index.reset(fetched.data, expected);
      for (const segment of fetched.segments) index.append(segment, fetched.startOffset, reading);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    let released = false;
    return {
      topic: reading.topic,
      partition: reading.partition,
      index,
      startOffset: fetched.startOffset,
      nextOffset: fetched.nextOffset,
      highWatermark: fetched.highWatermark,
      lastStableOffset: fetched.lastStableOffset,
      logStartOffset: fetched.logStartOffset,
      bytes: fetched.bytes,
      release: () => {
        if (released) return;
        released = true;
        this.#heldBytes -= fetched.bytes;
        fetched.lease?.release();
        if (this.#freeIndexes.length < 4) this.#freeIndexes.push(index);
        this.#schedulePump();
      },
    };
  }

  async waitForData(signal?: AbortSignal): Promise<void> {
    while (!this.#isReady) {
      await raceSignal(new Promise<void>((resolve) => this.#waiters.push(resolve)), signal);
    }
  }

  get #isReady(): boolean {
    return (
      this.#failure !== undefined ||
      this.#order.some((reading) => !reading.paused && reading.queue.length > 0)
    );
  }

  #tellReady(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
    if (this.#readyTold || this.#onReady === undefined || !this.#isReady) return;
    this.#readyTold = true;
    this.#onReady();
  }

  pause({ topic, partition }: TopicPartition): void {
    this.#reading(topic, partition).paused = true;
  }

  resume({ topic, partition }: TopicPartition): void {
    this.#reading(topic, partition).paused = false;
    this.#schedulePump();
    this.#tellReady();
  }

  position({ topic, partition }: TopicPartition): PartitionPosition {
    return this.#reading(topic, partition).position(performance.now());
  }

  positions(): readonly PartitionPosition[] {
    const nowMs = performance.now();
    return this.#order.map((reading) => reading.position(nowMs));
  }

  #reading(topic: string, partition: number): PartitionReading {
    return present(
      this.#readings.get(topicPartitionKey(topic, partition)),
      `partition ${topic}-${partition} of this fetcher`,
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#metadataTimer);
    clearTimeout(this.#pumpTimer);
    for (const broker of this.#brokers.values()) broker.close();
    this.#brokers.clear();
    this.#failure ??= new WeirError('WEIR-4030', 'this fetcher was closed');
    this.#tellReady();
    await this.#refreshing;
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#tellReady();
  }

  /** One pump per turn of the event loop, however many things changed. */
  #schedulePump(): void {
    if (this.#pumpQueued || this.#closed) return;
    this.#pumpQueued = true;
    queueMicrotask(() => {
      this.#pumpQueued = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#closed || this.#failure !== undefined) return;
    const now = performance.now();
    let leaderMissing = false;
    let wakeMs = Infinity;
    const byLeader = new Map<number, PartitionReading[]>();
    for (const reading of this.#order) {
      if (!this.#isWanted(reading)) continue;
      if (reading.notBeforeMs > now) {
        wakeMs = Math.min(wakeMs, reading.notBeforeMs - now);
        continue;
      }
      const leader = this.#cluster.leaderOf(reading.topic, reading.partition);
      if (leader === undefined || this.#refreshedAtMs === -Infinity) leaderMissing = true;
      else byLeader.set(leader, [...(byLeader.get(leader) ?? []), reading]);
    }
    for (const [leader, readings] of byLeader) this.#startFetches(leader, readings);
    if (leaderMissing) void this.#refresh();
    if (wakeMs < Infinity) this.#wakeAfter(wakeMs);
  }

  /** Two fetches deep: one is worked on, one waits. */
  #isWanted(reading: PartitionReading): boolean {
    return (
      !reading.inFlight &&
      !reading.paused &&
      reading.queue.length < 2 &&
      reading.queuedBytes < this.#options.partitionMaxBytes
    );
  }

  #startFetches(leader: number, readings: PartitionReading[]): void {
    let broker = this.#brokers.get(leader);
    if (broker === undefined) {
      broker = new BrokerFetches(
        this.#cluster,
        leader,
        this.#options,
        (partitions, answer, asked, settled) => this.#answered(partitions, answer, asked, settled),
        this.#buffers,
      );
      this.#brokers.set(leader, broker);
    }
    const allowance = this.#options.budgetBytes - this.#heldBytes - this.#askedBytes();
    const soonAgain = this.#order.some((other) => {
      if (other.paused || other.inFlight || readings.includes(other)) return false;
      return this.#cluster.leaderOf(other.topic, other.partition) === leader;
    });
    broker.start(readings, allowance, soonAgain);
  }

  #askedBytes(): number {
    let bytes = 0;
    for (const broker of this.#brokers.values()) bytes += broker.askedBytes;
    return bytes;
  }

  async #answered(
    readings: readonly PartitionReading[],
    answer: FetchAnswer,
    asked: number,
    settled: () => void,
  ): Promise<void> {
    if (this.#closed) return;
    try {
      // A partition that was given up meanwhile may be assigned again: this answer isn't that one's.
      const wanted = readings.filter((reading) => this.#order.includes(reading));
      const outcome = await acceptAnswer(wanted, answer, this.#cluster, this.#buffers, {
        batchBytes: this.#options.batchMaxBytes,
        roomBytes: () => this.#options.budgetBytes - this.#heldBytes - this.#askedBytes() + asked,
        took: (bytes) => (this.#heldBytes += bytes),
      });
      this.#heldBytes += outcome.queuedBytes;
      for (const reading of wanted) if (!this.#order.includes(reading)) this.#giveUp(reading);
      if (outcome.refresh) void this.#refresh();
    } catch (error) {
      this.#fail(error);
    }
    settled();
    for (const reading of readings) reading.inFlight = false;
    this.#schedulePump();
    this.#tellReady();
  }

  #wakeAfter(ms: number): void {
    clearTimeout(this.#pumpTimer);
    this.#pumpTimer = setTimeout(() => this.#schedulePump(), ms);
  }

  /** Leaders and topic ids of all assigned topics, asked again until there is an answer. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshUntilAnswered().finally(() => {
      this.#refreshing = undefined;
      this.#schedulePump();
    });
    return this.#refreshing;
  }

  async #refreshUntilAnswered(): Promise<void> {
    for (let attempt = 0; !this.#closed && this.#failure === undefined; attempt++) {
      const waitMs = backOffMs(attempt);
      try {
        if (await this.#refreshOnce()) return;
        this.#schedulePump();
      } catch (error) {
        if (this.#closed) return;
        if (dispositionOf(error) !== 'retry') return this.#fail(error);
        const reason = error instanceof Error ? error.message : String(error);
        for (const reading of this.#order) reading.retrying = reason;
      }
      await sleep(waitMs);
    }
  }

  /** @returns false when a partition has no leader yet */
  async #refreshOnce(): Promise<boolean> {
    const topics = [...new Set(this.#order.map((reading) => reading.topic))];
    if (topics.length === 0) return true;
    const answer = await this.#cluster.refreshMetadata(topics, { deadlineMs: 5_000 });
    this.#refreshedAtMs = performance.now();
    let complete = true;
    for (const reading of this.#order) {
      const found = answer.topics.find((entry) => entry.topic === reading.topic);
      await this.#checkTopic(reading, found?.errorCode ?? 3, found?.topicId);
      const leader = this.#cluster.leaderOf(reading.topic, reading.partition);
      if (leader === undefined) {
        complete = false;
        reading.retrying = `partition ${reading.topic}-${reading.partition} has no leader`;
      }
    }
    return complete;
  }

  async #checkTopic(
    reading: PartitionReading,
    errorCode: number,
    topicId: string | undefined,
  ): Promise<void> {
    if (errorCode === 3) {
      // A broker that has just started, or a topic that was just created, may be behind in its metadata.
      const now = performance.now();
      reading.missingSinceMs ??= now;
      if (now - reading.missingSinceMs > 5_000) throw await this.#cluster.missingTopic(reading.topic);
      return;
    }
    reading.missingSinceMs = undefined;
    if (
      reading.topicId === undefined ||
      topicId === undefined ||
      errorCode !== 0 ||
      topicId === reading.topicId
    )
      return;
    throw new WeirError(
      'WEIR-4012',
      `the topic '${reading.topic}' was deleted and made anew (its id was ${reading.topicId}, now it is ${topicId}): the offsets of the checkpoint mean nothing there`,
      { hint: 'start the pipeline anew to read the new topic from its beginning' },
    );
  }
}
