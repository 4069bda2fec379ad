import type { Batch } from '@weir/columnar/batch.ts';
import type { KafkaHandle, SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { formatTransactionalId, slotOf } from '@weir/epoch-protocol/transactional-id.ts';
import { encodeValue, noRecord, plainRecordValue, tombstone, type Encoder } from '@weir/formats/encoder.ts';
import { JsonChangeEncoder } from '@weir/formats/json/json-change-encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SinkContext } from '../connector.ts';
import { primaryKeyText, type RecordKey } from '../record-key.ts';
import type { Sink, SinkStats } from '../sink.ts';
import { foldEnvelopes, foldUpserts, keyEnd } from './fold-changes.ts';
import type { TestBroker } from './test-broker.ts';

/** What a sink was asked to commit. */
export interface CommittedOutput {
  readonly table: string;
  readonly epoch: number;
  readonly subtask: number;
  readonly lines: readonly string[];
}

/** What a sink has around it. */
export interface WrittenTables {
  readonly broker: TestBroker;
  /** What sinks committed, in order. */
  readonly commits: CommittedOutput[];
  /** Called when a sink opens; what it throws fails the opening. */
  readonly onSinkOpen: (context: SinkContext) => Promise<void>;
}

/** Writes rows as lines into a transaction an epoch, from the moment that they come; what was not committed doesn't count. */
export class TestSink implements Sink {
  readonly context: SinkContext;
  readonly failed: Promise<never>;
  /** Lets it fail as by I/O in the background. */
  fail: (error: unknown) => void = () => {};
  isOpen = false;
  /** Rows written so far, committed or not. */
  written = 0;
  /** How often it was asked to commit. */
  commits = 0;
  /** False: it takes no more until `openRoom`. */
  roomy = true;
  readonly #node: SinkNode;
  readonly #encoder: Encoder;
  readonly #key: RecordKey | undefined;
  readonly #tables: WrittenTables;
  readonly #closing = new AbortController();
  #onRoom: () => void = () => {};
  #epoch = 0;
  #lines: string[] = [];
  #handle: KafkaHandle | null = null;
  /** Lines by epoch that are prepared. */
  readonly #prepared = new Map<number, readonly string[]>();

  constructor(node: SinkNode, context: SinkContext, tables: WrittenTables) {
    this.#node = node;
    this.context = context;
    this.#tables = tables;
    // Of a dead letter only the value is kept.
    const values = node.metadata.flatMap((key, column) => (key === null ? [column] : []));
    const format = formatNamed(node.options['format'] ?? 'json');
    this.#encoder =
      node.changes === 'any' && context.changes !== 'append'
        ? new JsonChangeEncoder(node.schema, node.options)
        : format.createEncoder(node.schema, node.options, { ...plainRecordValue, columns: values });
    this.#key = node.changes === 'upsert' ? primaryKeyText(node, node.options) : undefined;
    if (node.changes === 'upsert') tables.broker.folds.set(node.table, foldUpserts);
    if (node.changes === 'retract') tables.broker.folds.set(node.table, foldEnvelopes);
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => {});
  }

  async open(firstEpoch: number): Promise<void> {
    await this.#tables.onSinkOpen(this.context);
    this.#epoch = firstEpoch;
    this.isOpen = true;
  }

  write(batch: Batch): void {
    const lines: string[] = [];
    this.#encoder.begin(batch);
    this.#key?.begin(batch);
    for (let row = 0; row < batch.rowCount; row += 1) {
      const target = Buffer.alloc(this.#encoder.bound(row));
      const key = this.#key;
      const end =
        key === undefined ? encodeValue(this.#encoder, row, target, 0) : this.#encoder.encode(row, target, 0);
      if (end === noRecord) continue;
      const value = end === tombstone ? '' : target.toString('utf8', 0, end);
      if (key === undefined) lines.push(value);
      else if (key.take(row))
        lines.push(`${Buffer.from(key.data).toString('utf8', key.start, key.end)}${keyEnd}${value}`);
    }
    this.written += lines.length;
    if (lines.length === 0) return;
    this.#handle ??= this.#begin();
    this.#tables.broker.append(this.#handle, lines);
    this.#lines.push(...lines);
  }

  hasRoom(): boolean {
    return this.roomy;
  }

  room(): Promise<void> {
    return new Promise((resolve) => (this.#onRoom = resolve));
  }

  openRoom(): void {
    this.roomy = true;
    this.#onRoom();
  }

  async prepare(epoch: number, nextEpoch: number): Promise<SinkHandle> {
    if (epoch !== this.#epoch) throw new Error(`epoch ${epoch} is prepared, rows were for ${this.#epoch}`);
    this.#epoch = nextEpoch;
    const handle = this.#handle;
    if (handle === null) return { kind: 'empty' };
    this.#prepared.set(epoch, this.#lines);
    this.#handle = null;
    this.#lines = [];
    return handle;
  }

  async commit(epoch: number, handle: SinkHandle): Promise<void> {
    this.commits += 1;
    if (handle.kind !== 'kafka') return;
    await this.#tables.broker.commit(handle, this.#closing.signal);
    const lines = this.#prepared.get(epoch);
    this.#prepared.delete(epoch);
    if (lines === undefined) return;
    this.#tables.commits.push({ table: this.#node.table, epoch, subtask: this.context.subtask, lines });
  }

  stats(): SinkStats {
    return { records: this.written, bytes: 0 };
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.#closing.abort();
  }

  #begin(): KafkaHandle {
    const {
      clusterName: cluster,
      pipeline,
      pipelineId,
      generation: g,
      operator,
      subtask,
      ports,
    } = this.context;
    const scope = { cluster, pipeline, pipelineId };
    const id = formatTransactionalId({ scope, g, sink: operator, subtask, slot: slotOf(this.#epoch) });
    return this.#tables.broker.begin(id, this.#node.table, ports.clock.nowMs());
  }
}
