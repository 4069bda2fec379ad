import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import { noRecord, tombstone, unkeyedDelete, type Encoder } from '@weir/formats/encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { schemaFramingOf } from '@weir/formats/schema-framing.ts';
import { JsonValueText } from '@weir/formats/json/json-value-text.ts';
import type { RecordBatchWriter } from '@weir/kafka/contracts/produce.ts';
import { partitionOfKey } from '@weir/kafka/partitioner/murmur2.ts';
import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import { encodedKey } from '../encoded-key.ts';
import { keyColumnsOf, valueColumnsOf } from '../key-columns.ts';
import { primaryKeyText, type RecordKey } from '../record-key.ts';
import { HeaderWriter } from './kafka-header-writer.ts';
import { isKeyed, keyColumnOf, partitionerOf, timestampColumnOf } from './kafka-record-fields.ts';
import type { RowPartitioner } from './kafka-record-fields.ts';

/**
 * Encodes rows straight into the record batches under construction, one for each partition of the topic. If not told otherwise rows without
 * a key, NULL keys too, go round-robin by batch of rows, and rows with one where Java's client would put them. The key is as `key.format`
 * says, else the text that the JSON value has.
 */
export class KafkaRowWriter {
  readonly #encoder: Encoder;
  readonly #key: RecordKey | undefined;
  readonly #timestampColumn: number | undefined;
  readonly #headers: HeaderWriter | null;
  readonly #partitioner: RowPartitioner;
  readonly #writers: (RecordBatchWriter | undefined)[];
  readonly #newBatch: () => RecordBatchWriter;
  readonly #onFull: (partition: number, batch: RecordBatchWriter) => void;
  #turn: number;
  /** Bytes in batches that are not full yet. */
  openBytes = 0;
  /** Bytes encoded since the start. */
  encodedBytes = 0;

  constructor(options: {
    readonly node: SinkNode;
    readonly options: Readonly<Record<string, string>>;
    /** What the records are written with, where that is pinned. */
    readonly formats: PinnedFormats;
    /** Named in dead letters. */
    readonly pipeline: string;
    readonly partitions: number;
    /** Where round-robin begins: subtasks begin at different partitions. */
    readonly firstPartition: number;
    readonly newBatch: () => RecordBatchWriter;
    /** Takes a full batch over. */
    readonly onFull: (partition: number, batch: RecordBatchWriter) => void;
  }) {
    const { node } = options;
    this.#headers = HeaderWriter.ofTable(node, options.options, options.pipeline);
    this.#partitioner = partitionerOf(node, options.options);
    const keyColumn = keyColumnOf(node, options.options);
    const key = keyColumnsOf(node, options.options);
    this.#timestampColumn = timestampColumnOf(node, options.options);
    this.#key =
      key !== undefined
        ? encodedKey(node, key, options.options, options.formats.key)
        : keyColumn === undefined
          ? isKeyed(node)
            ? primaryKeyText(node, options.options)
            : undefined
          : new JsonValueText(node.schema, keyColumn, options.options);
    const values = valueColumnsOf(node.metadata, key, 'write', options.options);
    const format = options.options['format'] ?? 'json';
    this.#encoder = formatNamed(format).createEncoder(node.schema, options.options, {
      part: 'value',
      framing: schemaFramingOf(format, options.options),
      writer: options.formats.value,
      columns: values,
      nullValue: 'tombstone',
    });
    this.#writers = new Array<RecordBatchWriter | undefined>(options.partitions).fill(undefined);
    this.#newBatch = options.newBatch;
    this.#onFull = options.onFull;
    this.#turn = options.firstPartition % options.partitions;
  }

  write(batch: Batch, nowMs: number): void {
    this.#encoder.begin(batch);
    this.#headers?.begin(batch);
    const usedTurn =
      this.#key === undefined && this.#partitioner.kind !== 'column'
        ? this.#writeRows(batch, nowMs, this.#turn)
        : this.#writeSpread(batch, nowMs, this.#key);
    if (usedTurn) this.#turn = (this.#turn + 1) % this.#writers.length;
  }

  #writeRows(batch: Batch, nowMs: number, partition: number): boolean {
    const encoder = this.#encoder;
    const times = this.#timesOf(batch);
    let writer = this.#writerOf(partition);
    let before = writer.byteLength;
    for (let row = 0; row < batch.rowCount; row += 1) {
      const bound = encoder.bound(row);
      const headers = this.#headersOf(row);
      if (!writer.fits(bound + (headers?.end ?? 0))) {
        this.#grew(writer.byteLength - before);
        writer = this.#full(partition, writer);
        before = writer.byteLength;
      }
      writer.reserve(bound);
      const end = encoder.encode(row, writer.buffer, writer.valueStart);
      if (end === tombstone) refuseDelete(batch, row);
      commit(writer, end, times === undefined ? nowMs : timeOf(times, row, nowMs), headers);
    }
    this.#grew(writer.byteLength - before);
    return true;
  }

  /** Each row to a partition of its own. @returns whether one went to the partition whose turn it is */
  #writeSpread(batch: Batch, nowMs: number, key: RecordKey | undefined): boolean {
    const encoder = this.#encoder;
    const times = this.#timesOf(batch);
    let usedTurn = false;
    key?.begin(batch);
    for (let row = 0; row < batch.rowCount; row += 1) {
      const hasKey = key?.take(row) === true;
      const wished = this.#partitionOf(batch, row, hasKey ? key : undefined);
      if (wished < 0) usedTurn = true;
      const partition = wished < 0 ? this.#turn : wished;
      const bound = encoder.bound(row);
      const headers = this.#headersOf(row);
      const keyBytes = hasKey ? key.end - key.start : 0;
      let writer = this.#writerOf(partition);
      if (!writer.fits(bound + keyBytes + (headers?.end ?? 0))) writer = this.#full(partition, writer);
      const before = writer.byteLength;
      if (hasKey) writer.reserveWithKey(key.data, key.start, key.end, bound);
      else writer.reserve(bound);
      const end = encoder.encode(row, writer.buffer, writer.valueStart);
      if (end === tombstone && !hasKey) refuseDelete(batch, row);
      commit(writer, end, times === undefined ? nowMs : timeOf(times, row, nowMs), headers);
      this.#grew(writer.byteLength - before);
    }
    return usedTurn;
  }

  /** Where a row goes; below zero: to the partition whose turn it is. */
  #partitionOf(batch: Batch, row: number, key: RecordKey | undefined): number {
    const partitioner = this.#partitioner;
    const count = this.#writers.length;
    if (partitioner.kind !== 'column') {
      const isTurn = partitioner.kind === 'round_robin' || key === undefined;
      return isTurn ? -1 : partitionOfKey(key.data, key.start, key.end, count);
    }
    const column = batch.columns[partitioner.column];
    assert(column?.kind === 'int', 'a partition is an integer');
    const isNull = column.nulls?.[row] === 1;
    const partition = column.big === null ? column.values[row]! : Number(column.big[row]);
    if (!isNull && partition >= 0 && partition < count) return partition;
    throw new WeirError(
      'WEIR-3212',
      `column ${partitioner.name} names the partition ${isNull ? 'NULL' : partition}, the topic has ${count}, from 0`,
      {
        hint: `write ${partitioner.name} % ${count}, filter such rows out, or use another 'sink.partitioner'`,
      },
    );
  }

  /** Hands over every batch that holds records. */
  flush(): void {
    for (let partition = 0; partition < this.#writers.length; partition += 1) {
      const writer = this.#writers[partition];
      if (writer === undefined || writer.recordCount === 0) continue;
      this.#writers[partition] = undefined;
      this.#onFull(partition, writer);
    }
    this.openBytes = 0;
  }

  #grew(bytes: number): void {
    this.openBytes += bytes;
    this.encodedBytes += bytes;
  }

  #writerOf(partition: number): RecordBatchWriter {
    return (this.#writers[partition] ??= this.#newBatch());
  }

  #full(partition: number, writer: RecordBatchWriter): RecordBatchWriter {
    this.openBytes -= writer.byteLength;
    this.#onFull(partition, writer);
    const next = this.#newBatch();
    this.#writers[partition] = next;
    return next;
  }

  #headersOf(row: number): HeaderWriter | null {
    this.#headers?.take(row);
    return this.#headers;
  }

  #timesOf(batch: Batch): Column | undefined {
    return this.#timestampColumn === undefined ? undefined : batch.columns[this.#timestampColumn];
  }
}

/** A row without a key may have no value (a raw value that is NULL), but can't delete: nothing would say which. */
function refuseDelete(batch: Batch, row: number): void {
  if (batch.rowKinds?.[row] === rowKind.delete) throw unkeyedDelete();
}

/** What `encode` returned as a record: with a value, without one, or none at all. */
function commit(
  writer: RecordBatchWriter,
  end: number,
  timestampMs: number,
  headers: HeaderWriter | null,
): void {
  if (end === noRecord) return;
  if (headers !== null) {
    const value = end === tombstone ? -1 : end;
    writer.commitRecordWithHeaders(value, timestampMs, headers.data, 0, headers.end);
  } else if (end === tombstone) writer.commitTombstone(timestampMs);
  else writer.commitRecord(end, timestampMs);
}

function timeOf(times: Column, row: number, nowMs: number): number {
  if (times.kind !== 'int' || times.nulls?.[row] === 1) return nowMs;
  if (times.big === null) return Math.floor((times.values[row] ?? 0) / 1000);
  // Beyond 2^53 microseconds the quotient is cut before it becomes a number: rounded up it would be another millisecond.
  const micros = times.big[row] ?? 0n;
  return Number(micros / 1000n) - (micros % 1000n < 0n ? 1 : 0);
}
