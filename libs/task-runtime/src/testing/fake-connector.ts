import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import type { Connector, SinkContext, SubtaskContext } from '@weir/connectors/connector.ts';
import type { Sink } from '@weir/connectors/sink.ts';
import type { Source } from '@weir/connectors/source.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { SplitState } from '@weir/plan/split-state.ts';

/** A topic of rows in memory: partitions are lists that tests append to. */
export class FakeTopic {
  readonly partitions: PlainRow[][];
  /** No more rows will come: sources end when they have read all. */
  closed = false;
  readonly #waiting = new Set<() => void>();

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, () => []);
  }

  append(partition: number, ...rows: PlainRow[]): void {
    present(this.partitions[partition], 'a partition').push(...rows);
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** Rows a batch of a fake source has at most. */
const batchRows = 3;

/** Partition p belongs to subtask p mod parallelism. */
class FakeSource implements Source {
  readonly #topic: FakeTopic;
  readonly #owned: number[];
  readonly #offsets = new Map<number, number>();
  readonly #told = new Map<number, boolean>();
  readonly #builder: BatchBuilder;
  readonly committedSplits: Readonly<Record<string, SplitState>>[] = [];
  isOpen = false;
  #records = 0;

  constructor(node: SourceNode, topic: FakeTopic, context: SubtaskContext) {
    this.#topic = topic;
    this.#owned = [...topic.partitions.keys()].filter((p) => p % context.parallelism === context.subtask);
    this.#builder = new BatchBuilder(node.schema);
  }

  async open(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    this.isOpen = true;
    for (const partition of this.#owned) {
      this.#offsets.set(partition, Number(splits[this.partitionName(partition)]?.['next'] ?? 0));
    }
  }

  poll(): Batch | undefined {
    for (const partition of this.#owned) {
      const from = this.#offset(partition);
      const rows = present(this.#topic.partitions[partition], 'a partition').slice(from, from + batchRows);
      if (rows.length === 0) continue;
      this.#offsets.set(partition, from + rows.length);
      this.#records += rows.length;
      return { ...batchOfRows(this.#builder, rows), partition };
    }
    return undefined;
  }

  wait(signal: AbortSignal): Promise<void> {
    return this.#hasMore() ? Promise.resolve() : this.#topic.change(signal);
  }

  partitionName(partition: number): string {
    return `t/${partition}`;
  }

  takeEndChanges(): { partition: number; atEnd: boolean }[] {
    const changes = [];
    for (const partition of this.#owned) {
      const atEnd =
        this.#offset(partition) >= present(this.#topic.partitions[partition], 'a partition').length;
      if (this.#told.get(partition) !== atEnd) changes.push({ partition, atEnd });
      this.#told.set(partition, atEnd);
    }
    return changes;
  }

  partitions(): number[] {
    return this.#owned;
  }

  get ended(): boolean {
    return this.#topic.closed && !this.#hasMore();
  }

  snapshot(): Record<string, SplitState> {
    return Object.fromEntries(this.#owned.map((p) => [this.partitionName(p), { next: this.#offset(p) }]));
  }

  async committed(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    this.committedSplits.push(splits);
  }

  stats() {
    return { records: this.#records, bytes: 0, badRecords: 0, lag: {} };
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  #offset(partition: number): number {
    return this.#offsets.get(partition) ?? 0;
  }

  #hasMore(): boolean {
    return this.#owned.some(
      (p) => this.#offset(p) < present(this.#topic.partitions[p], 'a partition').length,
    );
  }
}

/** What a fake sink was asked to commit, in order, over all subtasks. */
export interface CommittedOutput {
  readonly epoch: number;
  readonly subtask: number;
  readonly rows: readonly PlainRow[];
}

class FakeSink implements Sink {
  readonly failed: Promise<never>;
  readonly context: SinkContext;
  readonly open: () => Promise<void>;
  /** Rows written so far, committed or not. */
  written = 0;
  readonly prepared = new Map<number, PlainRow[]>();
  /** False: the sink takes no more until `openRoom`. */
  roomy = true;
  commits = 0;
  isOpen = false;
  fail: (error: unknown) => void = () => {};
  readonly #output: CommittedOutput[];
  #rows: PlainRow[] = [];
  #onRoom: () => void = () => {};

  constructor(context: SinkContext, output: CommittedOutput[], onOpen: () => Promise<void>) {
    this.context = context;
    this.open = async () => {
      await onOpen();
      this.isOpen = true;
    };
    this.#output = output;
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => {});
  }

  write(batch: Batch): void {
    this.#rows.push(...plainRows(batch));
    this.written += batch.rowCount;
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

  async prepare(epoch: number): Promise<SinkHandle> {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0) return { kind: 'empty' };
    this.prepared.set(epoch, rows);
    return { kind: 'file', path: `p${this.context.subtask}`, length: rows.length, staged: `${epoch}` };
  }

  async commit(epoch: number, handle: SinkHandle): Promise<void> {
    this.commits += 1;
    const rows = this.prepared.get(epoch);
    assert(handle.kind === 'empty' || rows !== undefined, 'a sink commits what it has prepared, once');
    this.prepared.delete(epoch);
    if (rows !== undefined) this.#output.push({ epoch, subtask: this.context.subtask, rows });
  }

  stats() {
    return { records: this.written, bytes: 0 };
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }
}

/** A connector whose table `t` is a FakeTopic, and whose sinks commit into `output`. */
export class FakeConnector implements Connector {
  readonly name = 'fake';
  readonly title = 'Fake';
  readonly tableOptions = {};
  readonly canRead = true;
  readonly canWrite = true;
  readonly topic: FakeTopic;
  readonly output: CommittedOutput[] = [];
  readonly sources: FakeSource[] = [];
  readonly sinks: FakeSink[] = [];
  /** Called when a sink opens; what it throws fails the opening. */
  onSinkOpen: (context: SinkContext) => Promise<void> = async () => {};

  constructor(topic: FakeTopic) {
    this.topic = topic;
  }

  createSource = (node: SourceNode, context: SubtaskContext): FakeSource => {
    const source = new FakeSource(node, this.topic, context);
    this.sources.push(source);
    return source;
  };

  createSink = (_node: unknown, context: SinkContext): FakeSink => {
    const sink = new FakeSink(context, this.output, () => this.onSinkOpen(context));
    this.sinks.push(sink);
    return sink;
  };

  /** All committed rows, sorted by their text. */
  committedRows(): PlainRow[] {
    const rows = this.output.flatMap((one) => one.rows);
    return rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  }
}
