import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import { commitGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { IsolationLevel } from '@weir/kafka/contracts/cluster.ts';
import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { PartitionFetcher } from '@weir/kafka/fetch/partition-fetcher.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { SubtaskContext } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import type { Source, SourceStats, SourceWarning } from '../source.ts';
import { KafkaBlockDecoder } from './kafka-block-decoder.ts';
import { clusterOptionsOf, kafkaTableOptions } from './kafka-options.ts';
import { readSplit, splitName, splitState } from './kafka-split.ts';
import type { KafkaSplit } from './kafka-split.ts';

/** How often partitions are asked whether they are read to their end: idleness is counted in seconds. */
const endCheckMs = 200;
/** Once all are, only a broker's silence changes that without any data coming. */
const silenceCheckMs = 1000;

/**
 * Reads the partitions p of a topic with p mod parallelism = subtask.
 *
 * K1  A position moves only when rows were handed out (or there were none to hand out): `snapshot` never runs ahead of `poll`.
 * K2  A partition without a saved position is newer than the checkpoint and is read from its beginning. A bounded read has an end for
 *     each partition that was there when it was created, and reads no others.
 */
export class KafkaSource implements Source {
  readonly #node: SourceNode;
  readonly #context: SubtaskContext;
  readonly #options: Readonly<Record<string, string>>;
  readonly #decoder: KafkaBlockDecoder;
  readonly #builder: BatchBuilder;
  readonly #splits = new Map<number, KafkaSplit>();
  #cluster: KafkaCluster | undefined;
  #fetcher: PartitionFetcher | undefined;
  #block: FetchedBlock | undefined;
  /** All its records were handed out; the last of them may still be in use until the next poll. */
  #lastBlock: FetchedBlock | undefined;
  /** Next record of `#block`. */
  #cursor = 0;
  #records = 0;
  #bytes = 0;
  #badRecords = 0;
  #endCheckedAtMs = -Infinity;
  /** Of the topic, by all subtasks, when it was opened; infinity where later ones are not to be read. */
  #knownPartitions = Infinity;
  readonly #atEnd = new Map<number, boolean>();

  constructor(node: SourceNode, context: SubtaskContext) {
    this.#node = node;
    this.#context = context;
    this.#options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    this.#decoder = new KafkaBlockDecoder(node, this.#options);
    this.#builder = new BatchBuilder(node.schema);
  }

  async open(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    const clientId = `weir-${this.#context.clusterName}-${this.#context.pipeline}-${this.#node.table}-${this.#context.subtask}`;
    const cluster = await KafkaCluster.open(clusterOptionsOf(this.#options, clientId));
    this.#cluster = cluster;
    const topic = this.#option('topic');
    const [description] = await cluster.describeTopics([topic]);
    const { topicId, partitions } = present(description, `description of topic ${topic}`);
    const bounded = this.#options['source.bounded'] === 'latest';
    if (!bounded) this.#knownPartitions = partitions.length;
    for (const { partition } of partitions) {
      if (partition % this.#context.parallelism !== this.#context.subtask) continue;
      const saved = splits[splitName(topic, partition)];
      if (saved === undefined && bounded) continue; // K2
      this.#splits.set(
        partition,
        saved === undefined
          ? { topic, partition, topicId, nextOffset: 0, endOffset: undefined } // K2
          : readSplit(saved, topic, partition),
      );
    }
    const isolation = (this.#options['source.read_mode'] ?? 'read_committed') as IsolationLevel;
    this.#fetcher = new PartitionFetcher(cluster, {
      isolation,
      budgetBytes: this.#context.fetchBudgetBytes,
      reuseMemory: true,
    });
    this.#fetcher.assign(
      [...this.#splits.values()]
        .filter((split) => !isDone(split))
        .map(({ partition, nextOffset, topicId: id }) => ({
          topic,
          partition,
          offset: nextOffset,
          topicId: id,
        })),
    );
  }

  poll(): Batch | undefined {
    const fetcher = this.#open();
    const builder = this.#builder;
    this.#releaseLast();
    for (;;) {
      const block = (this.#block ??= fetcher.poll());
      if (block === undefined) return undefined;
      builder.reset(); // what a block without good records has left in it belongs to nothing
      this.#decodeInto(block);
      const rows = builder.rowCount;
      if (rows > 0) this.#decoder.fillMetadata(builder, block);
      const split = this.#splitOf(block);
      if (this.#cursor >= this.#countOf(block)) {
        this.#advance(split, block.nextOffset); // K1
        this.#releaseLast();
        this.#lastBlock = block;
        this.#block = undefined;
        this.#cursor = 0;
      } else {
        this.#advance(split, present(block.index.offsets[this.#cursor], 'offset of the next record')); // K1
      }
      if (rows > 0) {
        this.#records += rows;
        return builder.batch(block.partition);
      }
    }
  }

  /** Decodes from the cursor on until the batch is full or the block ends; the cursor stands after what was consumed. */
  #decodeInto(block: FetchedBlock): void {
    const count = this.#countOf(block);
    if (this.#cursor === 0) this.#bytes += block.bytes;
    while (this.#cursor < count) {
      this.#cursor += this.#decoder.decode(block, this.#cursor, count - this.#cursor, this.#builder);
      const { error } = this.#decoder;
      if (error === null) return;
      this.#badRecord(block, this.#cursor, error);
      this.#cursor += 1;
    }
  }

  #badRecord(block: FetchedBlock, record: number, cause: WeirError): void {
    const offset = block.index.offsets[record] ?? -1;
    if (this.#options['bad_data'] === 'drop') {
      this.#badRecords += 1;
      if (this.#badRecords === 1) {
        this.#context.log.warn(
          { topic: block.topic, partition: block.partition, offset, reason: cause.message },
          'a record that can not be decoded was dropped; further ones are only counted',
        );
      }
      return;
    }
    throw new WeirError(
      'WEIR-3201',
      `table ${this.#node.table}: record at topic ${block.topic}, partition ${block.partition}, offset ${offset} can not be decoded: ${cause.message}`,
      {
        cause,
        hint:
          cause.hint ?? "correct the columns or the producer; 'bad_data' = 'drop' leaves such records out",
      },
    );
  }

  /** Records of the block that are to be read: all, or those before the end of a bounded read. */
  #countOf(block: FetchedBlock): number {
    const end = this.#splitOf(block).endOffset;
    const { count, offsets } = block.index;
    if (end === undefined || block.nextOffset <= end) return count;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #advance(split: KafkaSplit, nextOffset: number): void {
    split.nextOffset = nextOffset;
    // What lies behind the end must not fill the budget that the other partitions need.
    if (isDone(split)) this.#open().unassign(split);
  }

  #releaseLast(): void {
    this.#lastBlock?.release();
    this.#lastBlock = undefined;
  }

  async wait(signal: AbortSignal): Promise<void> {
    if (this.ended || this.#block !== undefined) return;
    // Wakes up now and then by itself for whoever asks: "read to the end" changes without any data coming.
    const local = new AbortController();
    const forward = () => local.abort();
    signal.addEventListener('abort', forward, { once: true });
    const timer = this.#endIsAsked
      ? this.#context.ports.timers.after(this.#allAtEnd ? silenceCheckMs : endCheckMs, forward)
      : null;
    try {
      if (!signal.aborted) await this.#open().waitForData(local.signal);
    } catch (error) {
      if (!local.signal.aborted) throw error;
    } finally {
      timer?.cancel();
      signal.removeEventListener('abort', forward);
    }
  }

  get #endIsAsked(): boolean {
    return this.#endCheckedAtMs !== -Infinity;
  }

  get #allAtEnd(): boolean {
    for (const partition of this.#splits.keys()) if (this.#atEnd.get(partition) !== true) return false;
    return true;
  }

  partitionName(partition: number): string {
    return splitName(this.#option('topic'), partition);
  }

  takeEndChanges(now: boolean): readonly { readonly partition: number; readonly atEnd: boolean }[] {
    const nowMs = this.#context.ports.clock.monotonicMs();
    if (!now && nowMs - this.#endCheckedAtMs < endCheckMs) return [];
    this.#endCheckedAtMs = nowMs;
    const changes: { partition: number; atEnd: boolean }[] = [];
    for (const split of this.#splits.values()) {
      const atEnd =
        isDone(split) ||
        (this.#block?.partition !== split.partition && this.#open().position(split).caughtUp);
      if ((this.#atEnd.get(split.partition) ?? false) === atEnd) continue;
      this.#atEnd.set(split.partition, atEnd);
      changes.push({ partition: split.partition, atEnd });
    }
    return changes;
  }

  partitions(): readonly number[] {
    return [...this.#splits.keys()];
  }

  get ended(): boolean {
    // A subtask without partitions has nothing to wait for: it must not hold back anybody's watermark.
    for (const split of this.#splits.values()) if (!isDone(split)) return false;
    return this.#fetcher !== undefined;
  }

  snapshot(): Readonly<Record<string, SplitState>> {
    return Object.fromEntries(
      [...this.#splits.values()].map((split) => [splitName(split.topic, split.partition), splitState(split)]),
    );
  }

  async committed(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    const cluster = this.#cluster;
    const topic = this.#option('topic');
    const offsets = [...this.#splits.keys()].flatMap((partition) => {
      const saved = splits[splitName(topic, partition)];
      return saved === undefined
        ? []
        : [{ topic, partition, offset: readSplit(saved, topic, partition).nextOffset }];
    });
    if (cluster === undefined || offsets.length === 0) return;
    const group = this.#options['source.group_id'] ?? `weir-${this.#context.pipeline}-${this.#node.table}`;
    try {
      await commitGroupOffsets(cluster, group, offsets);
    } catch (error) {
      this.#context.log.warn(
        { group, topic, reason: describeError(error) },
        'group offsets were not committed',
      );
    }
  }

  stats(): SourceStats {
    const lag: Record<string, number> = {};
    for (const split of this.#splits.values()) {
      const end = split.endOffset ?? this.#fetcher?.position(split).lastStableOffset ?? -1;
      lag[splitName(split.topic, split.partition)] = Math.max(0, end - split.nextOffset);
    }
    const warnings = this.#addedPartitions();
    return { records: this.#records, bytes: this.#bytes, badRecords: this.#badRecords, lag, warnings };
  }

  #addedPartitions(): SourceWarning[] {
    const topic = this.#option('topic');
    const now = this.#fetcher?.partitionCount(topic) ?? 0;
    const added = now - this.#knownPartitions;
    if (added <= 0) return [];
    const [was, is] = added === 1 ? ['was', 'it is'] : ['were', 'they are'];
    return [
      {
        code: 'WEIR-3207',
        message: `table ${this.#node.table}: topic '${topic}' has ${now} partitions now; the ${added} that ${was} added since the pipeline started ${added === 1 ? "isn't" : "aren't"} read yet`,
        hint: `stop and start the pipeline: ${is} then read from the beginning, nothing is lost`,
      },
    ];
  }

  async close(): Promise<void> {
    await this.#fetcher?.close();
    await this.#cluster?.close();
  }

  #option(name: string): string {
    return present(this.#options[name], `option ${name}, which the connector's schema requires,`);
  }

  #open(): PartitionFetcher {
    return present(this.#fetcher, 'fetcher of an open source');
  }

  #splitOf(block: FetchedBlock): KafkaSplit {
    return present(this.#splits.get(block.partition), `split of partition ${block.partition}`);
  }
}

/** A bounded read of this partition is complete. */
function isDone(split: KafkaSplit): boolean {
  return split.endOffset !== undefined && split.nextOffset >= split.endOffset;
}
