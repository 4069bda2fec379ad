import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { BytesColumn } from '@weir/columnar/column.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Decoder, RecordPart } from '../decoder.ts';
import type { SchemaIdentity, WriterSchema, WriterSchemas } from '../writer-schemas.ts';

/**
 * For tests: a decoder of records that name the schema that they were written with. A record is one byte, the schema's id, and text for a
 * TEXT column; a text that begins with `!` is bad.
 */
export class SchemaIdDecoder implements Decoder {
  error: WeirError | null = null;
  missing: SchemaIdentity | null = null;
  readonly nullValues = 0;
  readonly #column: number;
  readonly #writers: WriterSchemas;

  constructor(column: number, writers: WriterSchemas) {
    this.#column = column;
    this.#writers = writers;
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.error = this.missing = null;
    let record = from;
    for (; record < from + count && into.rowCount < into.capacity; record += 1) {
      if (!this.#read(part, record, into.rowCount, into)) break;
      into.recordIndex[into.rowCount] = record;
      into.rowCount += 1;
    }
    return record - from;
  }

  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    this.error = this.missing = null;
    let row = fromRow;
    while (row < toRow && this.#read(part, into.recordIndex[row]!, row, into)) row += 1;
    return row - fromRow;
  }

  #read(part: RecordPart, record: number, row: number, into: BatchBuilder): boolean {
    const start = part.starts[record]!;
    const identity = { id: part.data[start]! };
    this.error = this.#writers.refused(identity) ?? null;
    if (this.error !== null) return false;
    if (this.#writers.get(identity) === undefined) {
      this.missing = identity;
      return false;
    }
    if (part.data[start + 1] === 0x21) {
      this.error = new WeirError('WEIR-3102', `record ${record} begins with !`);
      return false;
    }
    const column = into.column(this.#column).column as BytesColumn;
    column.data = part.data;
    column.starts[row] = start + 1;
    column.ends[row] = part.ends[record]!;
    return true;
  }
}

/** Writer schemas that a test makes known or refuses by hand. */
export class HandWrittenSchemas implements WriterSchemas {
  readonly wanted: SchemaIdentity[] = [];
  readonly #known = new Set<string>();
  readonly #refused = new Map<string, WeirError>();
  #changed = Promise.withResolvers<void>();

  know(id: number): void {
    this.#known.add(keyOf({ id }));
    this.#tell();
  }

  refuse(id: number): void {
    this.#refused.set(keyOf({ id }), new WeirError('WEIR-3510', `there is no schema ${id}`));
    this.#tell();
  }

  get(identity: SchemaIdentity): WriterSchema | undefined {
    const key = keyOf(identity);
    return this.#known.has(key) ? { key, type: 'avro', text: '"string"', references: [] } : undefined;
  }

  want(identity: SchemaIdentity): void {
    const key = keyOf(identity);
    if (!this.wanted.some((known) => keyOf(known) === key)) this.wanted.push(identity);
  }

  refused(identity: SchemaIdentity): WeirError | undefined {
    return this.#refused.get(keyOf(identity));
  }

  async changed(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await Promise.race([this.#changed.promise, aborted]);
  }

  waiting() {
    return this.wanted
      .filter((identity) => this.get(identity) === undefined && this.refused(identity) === undefined)
      .map((identity) => ({ identity, sinceMs: 0, problem: 'the registry does not answer' }));
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

function keyOf(identity: SchemaIdentity): string {
  return JSON.stringify(identity);
}
