import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import { schemaFramingOf } from '@weir/formats/schema-framing.ts';
import type { WriterSchemas } from '@weir/formats/writer-schemas.ts';
import { commitGroupOffsets } from '@weir/kafka/admin/group-offsets.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { IsolationLevel } from '@weir/kafka/contracts/cluster.ts';
import { PartitionFetcher } from '@weir/kafka/fetch/partition-fetcher.ts';
import { present } from '@weir/kernel/assert.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { SubtaskContext } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import { registryOf } from '../registry-ref.ts';
import type { Source, SourceStats, SourceWarning } from '../source.ts';
import { BadRecords } from './bad-records.ts';
import { KafkaBlockDecoder } from './kafka-block-decoder.ts';
import { clusterOptionsOf, kafkaTableOptions } from './kafka-options.ts';
import { KafkaRecordReader } from './kafka-record-reader.ts';
import { RejectedRecords } from './rejected-records.ts';
import { isDone, readSplit, splitName, splitState } from './kafka-split.ts';
import type { KafkaSplit } from './kafka-split.ts';

/** How often partitions are asked whether they are read to their end: idleness is counted in seconds. */
const endCheckMs = 200;
/** Once all are, only a broker's silence changes that without any data coming. */
const silenceCheckMs = 1000;

/**
 * Reads the partitions p of a topic with p mod parallelism = subtask (KafkaRecordReader turns what comes into batches).
 *
 * K2  A partition without a saved position is newer than the checkpoint and is read from its beginning. A bounded read has an end for
 *     each partition that was there when it was created, and reads no others.
 */
export class KafkaSource implements Source {
  readonly #node: SourceNode;
  readonly #context: SubtaskContext;
  readonly #options: Readonly<Record<string, string>>;
  readonly #decoder: KafkaBlockDecoder;
  readonly #writers: WriterSchemas | null;
  readonly #bad: BadRecords;
  readonly #splits = new Map<number, KafkaSplit>();
  #cluster: KafkaCluster | undefined;
  #fetcher: PartitionFetcher | undefined;
  #reader: KafkaRecordReader | undefined;
  #endCheckedAtMs = -Infinity;
  /** Of the topic, by all subtasks, when it was opened; infinity where later ones are not to be read. */
  #knownPartitions = Infinity;
  readonly #atEnd = new Map<number, boolean>();

  constructor(node: SourceNode, context: SubtaskContext) {
    this.#node = node;
    this.#context = context;
    this.#options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    const registry = registryOf(node.options, 'value');
    this.#writers = registry === undefined ? null : context.writerSchemas(registry);
    const schemas = { reader: context.formats.value, writers: this.#writers };
    this.#decoder = KafkaBlockDecoder.ofTable(node, this.#options, schemas);
    const wish = this.#options['bad_data'];
    const isFramed = schemaFramingOf(this.#option('format'), this.#options) === 'confluent';
    const rejected = wish === 'dead_letter' ? new RejectedRecords(isFramed) : null;
    const bad = { drop: wish === 'drop', rejected };
    this.#bad = new BadRecords(node.table, bad, context.log, context.ports.clock);
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
    const fetcher = new PartitionFetcher(cluster, {
      isolation,
      budgetBytes: this.#context.fetchBudgetBytes,
      reuseMemory: true,
    });
    fetcher.assign(
      [...this.#splits.values()]
        .filter((split) => !isDone(split))
        .map(({ partition, nextOffset, topicId: id }) => ({
          topic,
          partition,
          offset: nextOffset,
          topicId: id,
        })),
    );
    this.#fetcher = fetcher;
    this.#reader = new KafkaRecordReader({
      fetcher,
      splits: this.#splits,
      decoder: this.#decoder,
      builder: new BatchBuilder(this.#node.schema),
      bad: this.#bad,
      writers: this.#writers,
    });
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
      const atEnd = this.#open().isAtEnd(split);
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
      const end = this.#reader?.endOf(split) ?? -1;
      lag[splitName(split.topic, split.partition)] = Math.max(0, end - split.nextOffset);
    }
    const warnings = [...this.#addedPartitions(), ...this.#waitingPartitions()];
    const { records = 0, bytes = 0 } = this.#reader ?? {};
    const { nullValues } = this.#decoder;
    return { records, bytes, badRecords: this.#bad.count, nullValues, lag, warnings };
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

  #waitingPartitions(): SourceWarning[] {
    return (this.#reader?.waiting ?? []).map(({ split, schema, problem, sinceMs }) => ({
      code: 'WEIR-3208',
      message: `table ${this.#node.table}: ${splitName(split.topic, split.partition)} waits at offset ${split.nextOffset} for the schema of ${schema}${sinceMs === undefined ? '' : `, since ${new Date(sinceMs).toISOString()}`}: ${problem}`,
      hint: 'it goes on by itself when the schema is there; other partitions are read meanwhile',
    }));
  }

  async close(): Promise<void> {
    await this.#fetcher?.close();
    await this.#cluster?.close();
  }

  #option(name: string): string {
    return present(this.#options[name], `option ${name}, which the connector's schema requires,`);
  }

  #open(): KafkaRecordReader {
    return present(this.#reader, 'reader of an open source');
  }
}
