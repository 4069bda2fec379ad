import { tellsChanges } from '@weir/formats/change-formats.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { SubtaskContext } from '../connector.ts';
import type { Source, SourceStats } from '../source.ts';
import { partWithoutHeaders, plainRecordPart, type RecordPart } from '@weir/formats/decoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { JsonKeyRows } from '@weir/formats/json/json-key-rows.ts';
import { KeyedDecoder } from '@weir/formats/keyed-decoder.ts';
import { RecordDecoder } from '@weir/formats/record-decoder.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { rejectedColumns, rejectedSchema } from '@weir/plan/rejected-schema.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { TestInput } from './test-input.ts';

const deleteMark = 'delete ';

/** Reads the partitions p of an input with p mod parallelism = subtask, a few lines a batch. */
export class TestSource implements Source {
  isOpen = false;
  /** What it was told to be committed, in order. */
  readonly committedSplits: Readonly<Record<string, SplitState>>[] = [];
  readonly #input: TestInput;
  readonly #node: SourceNode;
  readonly #decoder: RecordDecoder | KeyedDecoder;
  /** Lines `delete KEY` are records without a value. */
  readonly #isKeyed: boolean;
  readonly #builder: BatchBuilder;
  readonly #owned: readonly number[];
  readonly #next = new Map<number, number>();
  readonly #atEnd = new Map<number, boolean>();
  #turn = 0;
  #records = 0;
  #badRecords = 0;
  readonly #rejected = new BatchBuilder(rejectedSchema);

  constructor(node: SourceNode, context: SubtaskContext, input: TestInput) {
    this.#input = input;
    this.#node = node;
    const columns = node.metadata.flatMap((key, column) => (key === null ? [column] : []));
    const format = node.options['format'] ?? 'json';
    this.#isKeyed = node.changes === 'upsert' && !tellsChanges(format);
    const { schema, primaryKey: key } = node;
    const settings = { ...plainRecordPart, columns, key };
    const rows = new RecordDecoder(formatNamed(format).createDecoder(schema, node.options, settings), []);
    this.#decoder = this.#isKeyed
      ? new KeyedDecoder(rows, new JsonKeyRows(schema, key, node.options), key)
      : rows;
    this.#builder = new BatchBuilder(node.schema);
    this.#owned = Array.from({ length: input.partitionCount }, (_, partition) => partition).filter(
      (partition) => partition % context.parallelism === context.subtask,
    );
  }

  async open(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    this.isOpen = true;
    for (const partition of this.#owned) {
      const next = Number(splits[this.partitionName(partition)]?.['next'] ?? 0);
      this.#next.set(partition, next);
      this.#input.notePolled(partition, next);
    }
  }

  takeRejected(): Batch | undefined {
    return this.#rejected.rowCount === 0 ? undefined : this.#rejected.batch();
  }

  poll(): Batch | undefined {
    this.#rejected.reset();
    for (let tried = 0; tried < this.#owned.length; tried += 1) {
      const partition = this.#owned[this.#turn % this.#owned.length] ?? 0;
      this.#turn += 1;
      const batch = this.#pollPartition(partition);
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  #pollPartition(partition: number): Batch | undefined {
    const builder = this.#builder;
    const from = this.#position(partition);
    const { data, starts, ends, count } = this.#input.next(partition, from);
    if (count === 0) return undefined;
    builder.reset();
    const [value, key] = this.#partsOf(data, starts, ends);
    let at = from;
    while (at < from + count) {
      at += this.#decoder.decode(value, key, at, from + count - at, builder);
      const { error } = this.#decoder;
      if (error === null) break;
      this.#badLine(partition, at, error);
      at += 1;
    }
    this.#next.set(partition, at);
    this.#input.notePolled(partition, at);
    if (builder.rowCount === 0)
      return this.#rejected.rowCount > 0 ? undefined : this.#pollPartition(partition);
    this.#fillMetadata(partition);
    this.#records += builder.rowCount;
    return builder.batch(partition);
  }

  #partsOf(data: Uint8Array, starts: Int32Array, ends: Int32Array): [RecordPart, RecordPart] {
    const value = partWithoutHeaders(data, starts, ends);
    if (!this.#isKeyed) return [value, value];
    const isDelete = (start: number, line: number): boolean =>
      Buffer.from(data.subarray(start, ends[line])).toString('latin1').startsWith(deleteMark);
    const values = starts.map((start, line) => (isDelete(start, line) ? -1 : start));
    const keys = starts.map((start, line) => (values[line] === -1 ? start + deleteMark.length : -1));
    return [partWithoutHeaders(data, values, ends), partWithoutHeaders(data, keys, ends)];
  }

  #badLine(partition: number, line: number, cause: WeirError): void {
    this.#badRecords += 1;
    if (this.#node.options['bad_data'] === 'drop') return;
    if (this.#node.options['bad_data'] === 'dead_letter') return this.#reject(partition, line, cause);
    throw new WeirError(
      'WEIR-3201',
      `table ${this.#node.table}: line ${line} of partition ${partition} can not be decoded: ${cause.message}: ${this.#input.lineText(partition, line)}`,
      { cause },
    );
  }

  #reject(partition: number, line: number, cause: WeirError): void {
    const row = this.#rejected.rowCount;
    this.#rejected.reserve(row + 1);
    const texts = {
      value: this.#input.lineText(partition, line),
      topic: this.#input.name,
      error_code: cause.code,
      error: cause.message,
    };
    const numbers = { timestamp: 0, partition, offset: line };
    for (const [index, { name }] of rejectedColumns.entries()) {
      const builder = this.#rejected.column(index);
      const { column } = builder;
      const number = numbers[name as keyof typeof numbers];
      const text = texts[name as keyof typeof texts] ?? (name === 'headers' ? '' : undefined);
      if (number !== undefined) builder.setInt(row, number);
      else if (column.kind !== 'bytes' || text === undefined) builder.setNull(row);
      else {
        column.starts[row] = column.data.length;
        column.data = Buffer.concat([column.data, Buffer.from(text)]);
        column.ends[row] = column.data.length;
      }
    }
    this.#rejected.rowCount = row + 1;
  }

  #fillMetadata(partition: number): void {
    const { rowCount, recordIndex } = this.#builder;
    for (const [index, key] of this.#node.metadata.entries()) {
      if (key === null) continue;
      const column = this.#builder.column(index);
      for (let row = 0; row < rowCount; row += 1) {
        column.setInt(row, key === 'partition' ? partition : (recordIndex[row] ?? 0));
      }
    }
  }

  wait(signal: AbortSignal): Promise<void> {
    return this.ended || this.#hasMore() ? Promise.resolve() : this.#input.change(signal);
  }

  partitionName(partition: number): string {
    return `${this.#input.name}/${partition}`;
  }

  takeEndChanges(): { partition: number; atEnd: boolean }[] {
    return this.#owned.flatMap((partition) => {
      const atEnd = this.#position(partition) >= this.#input.available(partition);
      if ((this.#atEnd.get(partition) ?? false) === atEnd) return [];
      this.#atEnd.set(partition, atEnd);
      return [{ partition, atEnd }];
    });
  }

  partitions(): readonly number[] {
    return this.#owned;
  }

  get ended(): boolean {
    return this.#owned.length === 0 || (this.#input.closed && !this.#hasMore());
  }

  snapshot(): Readonly<Record<string, SplitState>> {
    return Object.fromEntries(
      this.#owned.map((partition) => [this.partitionName(partition), { next: this.#position(partition) }]),
    );
  }

  async committed(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    this.committedSplits.push(splits);
    for (const partition of this.#owned) {
      this.#input.noteCommitted(partition, Number(splits[this.partitionName(partition)]?.['next'] ?? 0));
    }
  }

  stats(): SourceStats {
    return { records: this.#records, bytes: 0, badRecords: this.#badRecords, lag: {} };
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  #position(partition: number): number {
    return this.#next.get(partition) ?? 0;
  }

  #hasMore(): boolean {
    return this.#owned.some((partition) => this.#position(partition) < this.#input.available(partition));
  }
}
