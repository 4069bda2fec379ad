import type { BytesColumn, Column, ListColumn } from '@weir/columnar/column.ts';
import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { Decoder, RecordPart } from '@weir/formats/decoder.ts';
import { ScanBuffer } from '@weir/formats/json/scan-buffer.ts';
import { plainTextEnd } from '@weir/formats/json/scan-string.ts';
import { readVarint, varintEnd } from '@weir/kafka/record-batch/varint.ts';
import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';

/** The elements of the list under construction. */
interface Pairs {
  readonly list: ListColumn;
  readonly element: ColumnBuilder;
  readonly key: BytesColumn;
  readonly value: ColumnBuilder;
  readonly values: BytesColumn;
}

/**
 * The headers of records as a list of pairs of a key and a value: in their order, repeats and null values among them. Keys and values are
 * slices of the fetched bytes. Keys are text: a record with one that isn't, is bad.
 */
export class HeadersDecoder implements Decoder {
  error: WeirError | null = null;
  readonly missing = null;
  readonly nullValues = 0;
  readonly #column: number;
  readonly #scan = new ScanBuffer();
  /** Where the next number or header of the record begins. */
  #at = 0;

  constructor(column: number) {
    this.#column = column;
  }

  decode(): never {
    throw new Error('headers make no rows: they fill those of the value');
  }

  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    this.error = null;
    this.#scan.use(part.data, -1);
    const pairs = pairsOf(into.column(this.#column));
    pairs.key.data = part.data;
    pairs.values.data = part.data;
    pairs.key.jsonPlain = false;
    pairs.values.jsonPlain = false;
    for (let row = fromRow; row < toRow; row += 1) {
      const record = into.recordIndex[row]!;
      const first = pairs.list.offsets[row]!;
      const count = this.#read(part, record, pairs, first);
      if (count < 0) return row - fromRow;
      pairs.list.offsets[row + 1] = first + count;
    }
    return toRow - fromRow;
  }

  /** @returns how many headers there were; -1: `error` says what is wrong with them */
  #read(part: RecordPart, record: number, pairs: Pairs, first: number): number {
    const end = part.headerEnds[record]!;
    this.#at = part.headerStarts[record]!;
    if (this.#at >= end) return 0;
    const count = this.#number(part.data, end);
    for (let n = 0; n < count; n += 1) {
      if (!this.#header(part.data, end, pairs, first + n)) return -1;
    }
    if (count >= 0) return count;
    return this.#bad('their number is damaged');
  }

  #header(data: Uint8Array, end: number, { element, key, value, values }: Pairs, at: number): boolean {
    element.reserve(at + 1);
    const keyLength = this.#number(data, end);
    const keyStart = this.#at;
    if (keyLength < 0 || keyStart + keyLength > end) return this.#bad('a key is damaged') >= 0;
    this.#scan.end = keyStart + keyLength;
    if (plainTextEnd(this.#scan, keyStart) < 0) return this.#bad('a key is no UTF-8 text') >= 0;
    this.#at = keyStart + keyLength;
    const valueLength = this.#number(data, end);
    const valueStart = this.#at;
    if (valueLength < -1 || valueStart + valueLength > end) return this.#bad('a value is damaged') >= 0;
    key.starts[at] = keyStart;
    key.ends[at] = keyStart + keyLength;
    values.starts[at] = valueStart;
    values.ends[at] = valueLength < 0 ? valueStart : valueStart + valueLength;
    if (valueLength < 0) value.setNull(at);
    else this.#at = valueStart + valueLength;
    return true;
  }

  /** The number at `#at`; below -1 when there is none. */
  #number(data: Uint8Array, end: number): number {
    const next = varintEnd(data, this.#at, end);
    if (next < 0) return -2;
    const number = readVarint(data, this.#at, next);
    this.#at = next;
    return number;
  }

  #bad(what: string): number {
    this.error = new WeirError('WEIR-3211', `the record's headers can not be read: ${what}`, {
      hint: "leave out the column of its headers, or such records: 'bad_data' = 'drop'",
    });
    return -1;
  }
}

function pairsOf(builder: ColumnBuilder): Pairs {
  const list = builder.column;
  assert(list.kind === 'list', 'headers are a list');
  const element = builder.child(0);
  const value = element.child(1);
  return { list, element, key: bytesOf(element.child(0).column), value, values: bytesOf(value.column) };
}

function bytesOf(column: Column): BytesColumn {
  assert(column.kind === 'bytes', 'key and value of a header are bytes');
  return column;
}
