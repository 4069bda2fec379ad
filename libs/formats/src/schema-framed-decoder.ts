import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { SchemaFrame } from './avro/schema-frame.ts';
import type { Decoder, RecordPart } from './decoder.ts';

/**
 * Records that name a schema of the registry, for a format that needs no schema to read its values: what names it is left out, and the
 * registry is never asked.
 */
export class SchemaFramedDecoder implements Decoder {
  error: WeirError | null = null;
  readonly missing = null;
  readonly #value: Decoder;
  readonly #frame: SchemaFrame;
  /** Of each record, where its value begins behind what names the schema. */
  #starts = new Int32Array(0);

  /** @param value decodes the values @param hint for records that name no schema */
  constructor(value: Decoder, part: 'value' | 'key', hint: string) {
    this.#value = value;
    this.#frame = new SchemaFrame(part, hint);
  }

  get nullValues(): number {
    return this.#value.nullValues;
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.error = null;
    const room = Math.min(count, Math.max(1, into.capacity - into.rowCount));
    const framed = this.#unframe(part, from, from + room);
    if (framed === from) return 0;
    const consumed = this.#value.decode(this.#valuesOf(part), from, framed - from, into);
    return this.#ended(from + consumed, framed) - from;
  }

  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    this.error = null;
    if (fromRow === toRow) return 0;
    const to = into.recordIndex[toRow - 1]! + 1;
    const framed = this.#unframe(part, into.recordIndex[fromRow]!, to);
    let rows = toRow;
    while (rows > fromRow && into.recordIndex[rows - 1]! >= framed) rows -= 1;
    if (rows === fromRow) return 0;
    const filled = this.#value.decodeRows(this.#valuesOf(part), into, fromRow, rows);
    this.#ended(fromRow + filled, rows);
    return filled;
  }

  /** What stopped a call before the record that names no schema comes first. @returns `at` */
  #ended(at: number, framed: number): number {
    if (at < framed) this.error = this.#value.error;
    return at;
  }

  /** @returns the first record that names no schema: `error` is about it; `to`: there is none */
  #unframe(part: RecordPart, from: number, to: number): number {
    if (this.#starts.length < part.starts.length) this.#starts = new Int32Array(part.starts.length);
    const frame = this.#frame;
    for (let record = from; record < to; record += 1) {
      const start = part.starts[record]!;
      if (start >= 0 && !frame.isSame(part, record) && !frame.read(part, record)) {
        this.error = frame.error;
        return record;
      }
      this.#starts[record] = start < 0 ? start : start + frame.prefix;
    }
    return to;
  }

  #valuesOf({ data, ends, headerStarts, headerEnds }: RecordPart): RecordPart {
    return { data, starts: this.#starts, ends, headerStarts, headerEnds };
  }
}
