import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder, type ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { SchemaFrame } from '@weir/formats/avro/schema-frame.ts';
import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { present } from '@weir/kernel/assert.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import { rejectedColumns, rejectedSchema } from '@weir/plan/rejected-schema.ts';
import { microsOf } from './kafka-metadata.ts';

/** A poll ends when it has rejected as much, so that a topic full of what can't be read stays within bounds. */
const mostRecords = 1024;
const mostBytes = 1024 * 1024;
/** Longer reasons are cut: they quote what they are about. */
const longestReason = 4096;

type Name = (typeof rejectedColumns)[number]['name'];

/** Records that one poll of a source could not read, copied out of their blocks, as rows of `rejectedSchema`. */
export class RejectedRecords {
  readonly #builder = new BatchBuilder(rejectedSchema, mostRecords);
  readonly #columns = new Map<Name, ColumnBuilder>(
    rejectedColumns.map(({ name }, index) => [name, this.#builder.column(index)]),
  );
  /** Reads which schema a value names; null where values name none. */
  readonly #frame: SchemaFrame | null;
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #used = 0;

  constructor(framed: boolean) {
    this.#frame = framed ? new SchemaFrame('value') : null;
  }

  get isFull(): boolean {
    return this.#builder.rowCount >= mostRecords || this.#used >= mostBytes;
  }

  add(block: FetchedBlock, record: number, reason: WeirError): void {
    const { index } = block;
    const builder = this.#builder;
    const row = builder.rowCount;
    builder.reserve(row + 1);
    this.#copy('value', row, index.data, index.valueStarts[record]!, index.valueEnds[record]!);
    this.#copy('key', row, index.data, index.keyStarts[record]!, index.keyEnds[record]!);
    this.#copy('headers', row, index.data, index.headerStarts[record]!, index.headerEnds[record]!);
    this.#column('timestamp').setInt(row, microsOf(index.timestampsMs[record]!));
    this.#text('topic', row, block.topic);
    this.#column('partition').setInt(row, block.partition);
    this.#column('offset').setInt(row, index.offsets[record]!);
    const schemaId = this.#schemaId(block, record);
    if (schemaId === undefined) this.#column('schema_id').setNull(row);
    else this.#column('schema_id').setInt(row, schemaId);
    this.#text('error_code', row, reason.code);
    this.#text('error', row, reason.message.slice(0, longestReason));
    builder.rowCount = row + 1;
  }

  /** All since `clear`, or undefined when there are none. */
  take(): Batch | undefined {
    if (this.#builder.rowCount === 0) return undefined;
    for (const { column } of this.#builder.columns) {
      if (column.kind !== 'bytes') continue;
      column.data = this.#bytes;
      column.jsonPlain = false;
    }
    return this.#builder.batch();
  }

  /** What `take` gave is no longer needed. */
  clear(): void {
    if (this.#builder.rowCount === 0) return;
    this.#builder.reset();
    this.#used = 0;
  }

  #schemaId({ index }: FetchedBlock, record: number): number | undefined {
    if (this.#frame === null || index.valueStarts[record]! < 0) return undefined;
    const part = { ...index, starts: index.valueStarts, ends: index.valueEnds };
    if (!this.#frame.read(part, record)) return undefined;
    const { identity } = this.#frame;
    return 'id' in identity ? identity.id : undefined;
  }

  #column(name: Name): ColumnBuilder {
    return present(this.#columns.get(name), `column ${name}`);
  }

  #text(name: Name, row: number, text: string): void {
    const bytes = Buffer.from(text);
    this.#copy(name, row, bytes, 0, bytes.length);
  }

  /** `start` below zero: NULL. */
  #copy(name: Name, row: number, data: Uint8Array, start: number, end: number): void {
    const builder = this.#column(name);
    const { column } = builder;
    if (column.kind !== 'bytes') return;
    const length = start < 0 ? 0 : end - start;
    if (this.#used + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + length));
      this.#bytes.copy(larger, 0, 0, this.#used);
      this.#bytes = larger;
    }
    if (length > 0) this.#bytes.set(data.subarray(start, end), this.#used);
    column.starts[row] = this.#used;
    this.#used += length;
    column.ends[row] = this.#used;
    if (start < 0) builder.setNull(row);
  }
}
