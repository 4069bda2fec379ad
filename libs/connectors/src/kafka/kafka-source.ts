import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import { schemaFramingOf } from '@weir/formats/schema-framing.ts';
import type { WriterSchemas } from '@weir/formats/writer-schemas.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { PartitionFetcher } from '@weir/kafka/fetch/partition-fetcher.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { SubtaskContext } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import { registryOf } from '../registry-ref.ts';
import type { Source, SourceStats, SourceWarning } from '../source.ts';
import { BadRecords } from './bad-records.ts';
import { ConsumerGroup, groupOf } from './consumer-group.ts';
import { KafkaBlockDecoder } from './kafka-block-decoder.ts';
import {
  clusterOptionsOf,
  fetchOptionsOf,
  isolationOf,
  kafkaTableOptions,
  metadataAgeMsOf,
} from './kafka-options.ts';
import { KafkaRecordReader } from './kafka-record-reader.ts';
import { isDone, readSplit, splitName, splitState, topicOfSplit } from './kafka-split.ts';
import type { KafkaSplit, SplitPosition } from './kafka-split.ts';
import { KafkaSplits } from './kafka-splits.ts';
import { describeChosen, ownerOf, topicChoice, type TopicChoice } from './kafka-topics.ts';
import { PartitionDiscovery } from './partition-discovery.ts';
import { RejectedRecords } from './rejected-records.ts';

/** How often partitions are asked whether they are read to their end: idleness is counted in seconds. */
const endCheckMs = 200;
/** Once all are, only a broker's silence changes that without any data coming. */
const silenceCheckMs = 1000;

/**
 * Reads the partitions of a table's topics that ownerOf gives to its subtask (KafkaRecordReader turns what comes into batches).
 *
 * K2  A partition without a saved position is newer than the checkpoint and is read from its beginning, whether it is there at the start
 *     or found later. A bounded read has an end for each partition that was there when it was created, and reads no others.
 * K4  A partition that is found is among `partitions` before the first row of it is polled: nobody's watermark passes it unseen.
 */
export class KafkaSource implements Source {
  readonly #node: SourceNode;
  readonly #context: SubtaskContext;
  readonly #options: Readonly<Record<string, string>>;
  readonly #decoder: KafkaBlockDecoder;
  readonly #writers: WriterSchemas | null;
  readonly #bad: BadRecords;
  readonly #splits = new KafkaSplits();
  readonly #group: ConsumerGroup;
  readonly #bounded: boolean;
  #cluster: KafkaCluster | undefined;
  #fetcher: PartitionFetcher | undefined;
  #reader: KafkaRecordReader | undefined;
  #discovery: PartitionDiscovery | undefined;
  #endCheckedAtMs = -Infinity;
  /** By index. */
  readonly #atEnd = new Map<number, boolean>();

  constructor(node: SourceNode, context: SubtaskContext) {
    this.#node = node;
    this.#context = context;
    this.#options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    const registry = registryOf(node.options, 'value');
    const subject = this.#options['value.subject'];
    this.#writers = registry === undefined ? null : context.writerSchemas({ ...registry, subject });
    const schemas = { reader: context.formats.value, keyReader: context.formats.key, writers: this.#writers };
    this.#decoder = KafkaBlockDecoder.ofTable(node, this.#options, schemas);
    this.#bounded = this.#options['source.bounded'] === 'latest';
    const wish = this.#options['bad_data'];
    const isFramed = schemaFramingOf(this.#options['format'] ?? '', this.#options) === 'confluent';
    const rejected = wish === 'dead_letter' ? new RejectedRecords(isFramed) : null;
    const bad = { drop: wish === 'drop', rejected };
    this.#bad = new BadRecords(node.table, bad, context.log, context.ports.clock);
    const group = groupOf(this.#options, context.pipeline, node.table);
    this.#group = new ConsumerGroup(group, node.table, context.log);
  }

  async open(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    const clientId = `weir-${this.#context.clusterName}-${this.#context.pipeline}-${this.#node.table}-${this.#context.subtask}`;
    const cluster = await KafkaCluster.open(clusterOptionsOf(this.#options, clientId));
    this.#cluster = cluster;
    const choice = topicChoice(this.#options);
    const isolation = isolationOf(this.#options);
    for (const position of await this.#ownPositions(cluster, choice, splits)) this.#splits.add(position);
    const fetcher = new PartitionFetcher(cluster, {
      isolation,
      ...fetchOptionsOf(this.#options, this.#context.fetchBudgetBytes),
      reuseMemory: true,
    });
    this.#assign(fetcher, [...this.#splits]);
    this.#fetcher = fetcher;
    this.#reader = new KafkaRecordReader({
      fetcher,
      splits: this.#splits,
      decoder: this.#decoder,
      builder: new BatchBuilder(this.#node.schema),
      bad: this.#bad,
      writers: this.#writers,
    });
    if (!this.#bounded) this.#discover(cluster, fetcher, choice);
  }

  async #ownPositions(
    cluster: KafkaCluster,
    choice: TopicChoice,
    saved: Readonly<Record<string, SplitState>>,
  ): Promise<SplitPosition[]> {
    const topics = await describeChosen(cluster, choice, [...new Set(Object.keys(saved).map(topicOfSplit))]);
    const known: SplitPosition[] = [];
    const added: Omit<SplitPosition, 'nextOffset'>[] = [];
    for (const { topic, topicId, partitions } of topics) {
      for (const { partition } of partitions) {
        if (!this.#owns(topic, partition)) continue;
        const state = saved[splitName(topic, partition)];
        if (state !== undefined) known.push(readSplit(state, topic, partition));
        else if (!this.#bounded) added.push({ topic, topicId, partition, endOffset: undefined }); // K2
      }
    }
    const starts = await cluster.fetchOffsets(added, 'earliest', isolationOf(this.#options));
    return [...known, ...added.map((one, place) => ({ ...one, nextOffset: starts[place]?.offset ?? 0 }))];
  }

  #owns(topic: string, partition: number): boolean {
    return ownerOf(topic, partition, this.#context.parallelism) === this.#context.subtask;
  }

  #discover(cluster: KafkaCluster, fetcher: PartitionFetcher, choice: TopicChoice): void {
    this.#discovery = new PartitionDiscovery({
      cluster,
      choice,
      isolation: isolationOf(this.#options),
      everyMs: metadataAgeMsOf(this.#options),
      timers: this.#context.ports.timers,
      log: this.#context.log,
      isNew: ({ topic, partition }) =>
        this.#owns(topic, partition) && !this.#splits.has({ topic, partition }),
      onFound: (found) => {
        const added = found.map((position) => this.#splits.add(position)); // K4
        this.#assign(fetcher, added);
        const partitions = added.map(({ topic, partition }) => splitName(topic, partition));
        this.#context.log.info({ table: this.#node.table, partitions }, 'partitions were found');
      },
    });
    this.#discovery.start();
  }

  #assign(fetcher: PartitionFetcher, splits: readonly KafkaSplit[]): void {
    const open = splits.filter((split) => !isDone(split));
    fetcher.assign(
      open.map(({ topic, partition, nextOffset, topicId }) => ({
        topic,
        partition,
        offset: nextOffset,
        topicId,
      })),
    );
  }

  poll(): Batch | undefined {
    return this.#open().poll();
  }

  takeRejected(): Batch | undefined {
    return this.#open().takeRejected();
  }

  async wait(signal: AbortSignal): Promise<void> {
    if (this.ended) return;
    // Wakes up now and then by itself for whoever asks: "read to the end" changes without any data coming.
    const local = new AbortController();
    const forward = () => local.abort();
    signal.addEventListener('abort', forward, { once: true });
    const timer = this.#endIsAsked
      ? this.#context.ports.timers.after(this.#allAtEnd ? silenceCheckMs : endCheckMs, forward)
      : null;
    try {
      if (!signal.aborted) await this.#open().wait(local.signal);
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
    for (const { index } of this.#splits) if (this.#atEnd.get(index) !== true) return false;
    return true;
  }

  partitionName(partition: number): string {
    const split = this.#splits.at(partition);
    return splitName(split.topic, split.partition);
  }

  takeEndChanges(now: boolean): readonly { readonly partition: number; readonly atEnd: boolean }[] {
    const nowMs = this.#context.ports.clock.monotonicMs();
    if (!now && nowMs - this.#endCheckedAtMs < endCheckMs) return [];
    this.#endCheckedAtMs = nowMs;
    const changes: { partition: number; atEnd: boolean }[] = [];
    for (const split of this.#splits) {
      const atEnd = this.#open().isAtEnd(split);
      if ((this.#atEnd.get(split.index) ?? false) === atEnd) continue;
      this.#atEnd.set(split.index, atEnd);
      changes.push({ partition: split.index, atEnd });
    }
    return changes;
  }

  partitions(): readonly number[] {
    return Array.from(this.#splits, ({ index }) => index);
  }

  get ended(): boolean {
    // A subtask without partitions may be given some that are added; until then its watermark holds nobody back, since it is idle.
    if (!this.#bounded) return false;
    for (const split of this.#splits) if (!isDone(split)) return false;
    return this.#fetcher !== undefined;
  }

  snapshot(): Readonly<Record<string, SplitState>> {
    return Object.fromEntries(
      Array.from(this.#splits, (split) => [splitName(split.topic, split.partition), splitState(split)]),
    );
  }

  async committed(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    const offsets = Array.from(this.#splits).flatMap(({ topic, partition }) => {
      const saved = splits[splitName(topic, partition)];
      return saved === undefined
        ? []
        : [{ topic, partition, offset: readSplit(saved, topic, partition).nextOffset }];
    });
    if (this.#cluster !== undefined && offsets.length > 0) await this.#group.commit(this.#cluster, offsets);
  }

  stats(): SourceStats {
    const lag: Record<string, number> = {};
    for (const split of this.#splits) {
      const end = this.#reader?.endOf(split) ?? -1;
      lag[splitName(split.topic, split.partition)] = Math.max(0, end - split.nextOffset);
    }
    const warnings = [...this.#group.warnings, ...this.#waitingPartitions()];
    const { records = 0, bytes = 0 } = this.#reader ?? {};
    const { nullValues } = this.#decoder;
    return {
      records,
      bytes,
      badRecords: this.#bad.count,
      badByCode: this.#bad.byCode,
      nullValues,
      lag,
      warnings,
    };
  }

  #waitingPartitions(): SourceWarning[] {
    return (this.#reader?.waiting ?? []).map(({ split, schema, problem, sinceMs }) => ({
      code: 'WEIR-3208',
      message: `table ${this.#node.table}: ${splitName(split.topic, split.partition)} waits at offset ${split.nextOffset} for the schema of ${schema}${sinceMs === undefined ? '' : `, since ${new Date(sinceMs).toISOString()}`}: ${problem}`,
      hint: 'it goes on by itself when the schema is there; other partitions are read meanwhile',
    }));
  }

  async close(): Promise<void> {
    const looked = this.#discovery?.close();
    await this.#fetcher?.close();
    await this.#cluster?.close();
    await looked;
  }

  #open(): KafkaRecordReader {
    return present(this.#reader, 'reader of an open source');
  }
}
