import type { Batch } from '@weir/columnar/batch.ts';
import type { BytesColumn, Column } from '@weir/columnar/column.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { assert } from '@weir/kernel/assert.ts';
import { readVarint, varintEnd, writeVarint } from '@weir/kafka/record-batch/varint.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import { appendedHeader, tableOfDeadLetters } from '@weir/plan/rejected-schema.ts';
import { headersColumnOf } from './kafka-record-fields.ts';

/** A column that becomes one header, by the name of its metadata. */
interface AppendedColumn {
  readonly column: number;
  readonly name: Uint8Array;
}

/** Most bytes of a varint of 32 bits. */
const varintBytes = 5;

/**
 * The headers of a sink's records, encoded as a record holds them: those of a column (a list of key and value, a map, or bytes that are
 * encoded already), then those that are appended. Nothing is allocated per row, but for dead letters.
 */
export class HeaderWriter {
  /** Of the row taken last: from 0 to `end`; valid until the next `take`. */
  data: Uint8Array = new Uint8Array(512);
  end = 0;
  readonly #base: number | undefined;
  readonly #appended: readonly AppendedColumn[];
  readonly #constants: readonly { readonly name: Uint8Array; readonly value: Uint8Array }[];
  #columns: readonly Column[] = [];

  private constructor(
    base: number | undefined,
    appended: readonly AppendedColumn[],
    constants: Readonly<Record<string, string>>,
  ) {
    this.#base = base;
    this.#appended = appended;
    this.#constants = Object.entries(constants).map(([name, value]) => ({
      name: Buffer.from(name),
      value: Buffer.from(value),
    }));
  }

  /** Null: the table's records have no headers. @throws WeirError WEIR-3204 */
  static ofTable(
    node: SinkNode,
    options: Readonly<Record<string, string>>,
    pipeline: string,
  ): HeaderWriter | null {
    const base = headersColumnOf(node, options);
    const appended = node.metadata.flatMap((key, column) =>
      key !== null && appendedHeader.test(key) ? [{ column, name: Buffer.from(key) }] : [],
    );
    if (base === undefined && appended.length === 0) return null;
    const table = tableOfDeadLetters(node.table);
    const constants = table === undefined ? {} : { 'weir.pipeline': pipeline, 'weir.table': table };
    return new HeaderWriter(base, appended, constants);
  }

  begin(batch: Batch): void {
    this.#columns = batch.columns;
  }

  /** @throws WeirError WEIR-3110 for a header without a key */
  take(row: number): void {
    const base = this.#base === undefined ? undefined : this.#columns[this.#base];
    const hasBase = base !== undefined && base.nulls?.[row] !== 1;
    const appended = this.#countAppended(row);
    this.end = 0;
    if (!hasBase) this.#count(appended);
    else if (base.kind === 'bytes') this.#encoded(base, row, appended);
    else this.#pairs(base, row, appended);
    for (const { column, name } of this.#appended) this.#append(name, this.#columns[column], row);
    for (const { name, value } of this.#constants) this.#add(name, 0, name.length, value, 0, value.length);
    // A record without headers holds their number, which the batch writes by itself.
    if (this.end === 1 && this.data[0] === 0) this.end = 0;
  }

  #countAppended(row: number): number {
    let count = this.#constants.length;
    for (const { column } of this.#appended) if (this.#columns[column]?.nulls?.[row] !== 1) count += 1;
    return count;
  }

  #count(headers: number): void {
    this.#room(varintBytes);
    this.end = writeVarint(this.data, this.end, headers);
  }

  /** Headers as another record held them. */
  #encoded({ data, starts, ends }: BytesColumn, row: number, more: number): void {
    const start = starts[row]!;
    const end = ends[row]!;
    if (start >= end) return this.#count(more);
    const behind = varintEnd(data, start, end);
    assert(behind > 0, 'encoded headers begin with their number');
    this.#count(readVarint(data, start, behind) + more);
    this.#room(end - behind);
    this.data.set(data.subarray(behind, end), this.end);
    this.end += end - behind;
  }

  #pairs(base: Column, row: number, more: number): void {
    assert(base.kind === 'list' || base.kind === 'map', 'headers are a list or a map');
    const from = base.offsets[row]!;
    const to = base.offsets[row + 1]!;
    this.#count(to - from + more);
    const [keys, values] = base.kind === 'map' ? bytesOf(base.keys, base.values) : pairOf(base.element);
    const elementNulls = base.kind === 'list' ? base.element.nulls : null;
    for (let element = from; element < to; element += 1) {
      if (elementNulls?.[element] === 1 || keys.nulls?.[element] === 1) throw noKey();
      const isNull = values.nulls?.[element] === 1;
      this.#add(
        keys.data,
        keys.starts[element]!,
        keys.ends[element]!,
        isNull ? null : values.data,
        values.starts[element]!,
        values.ends[element]!,
      );
    }
  }

  #append(name: Uint8Array, column: Column | undefined, row: number): void {
    if (column === undefined || column.nulls?.[row] === 1) return;
    if (column.kind === 'bytes') {
      this.#add(name, 0, name.length, column.data, column.starts[row]!, column.ends[row]!);
      return;
    }
    assert(column.kind === 'int', 'an appended header is text or a number');
    const text = Buffer.from(String(column.big === null ? column.values[row] : column.big[row]));
    this.#add(name, 0, name.length, text, 0, text.length);
  }

  #add(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array | null,
    valueStart: number,
    valueEnd: number,
  ): void {
    const keyLength = keyEnd - keyStart;
    const valueLength = value === null ? 0 : valueEnd - valueStart;
    this.#room(2 * varintBytes + keyLength + valueLength);
    let at = writeVarint(this.data, this.end, keyLength);
    this.data.set(key.subarray(keyStart, keyEnd), at);
    at = writeVarint(this.data, at + keyLength, value === null ? -1 : valueLength);
    if (value !== null) this.data.set(value.subarray(valueStart, valueEnd), at);
    this.end = at + valueLength;
  }

  #room(bytes: number): void {
    if (this.end + bytes <= this.data.length) return;
    const larger = new Uint8Array(Math.max(this.data.length * 2, this.end + bytes));
    larger.set(this.data.subarray(0, this.end));
    this.data = larger;
  }
}

function pairOf(element: Column): readonly [BytesColumn, BytesColumn] {
  assert(element.kind === 'struct', 'a header is a key and a value');
  return bytesOf(element.children[0], element.children[1]);
}

function bytesOf(key: Column | undefined, value: Column | undefined): readonly [BytesColumn, BytesColumn] {
  assert(key?.kind === 'bytes' && value?.kind === 'bytes', 'key and value of a header are bytes');
  return [key, value];
}

function noKey(): WeirError {
  return new WeirError('WEIR-3110', 'a header of a record has no key: it is NULL', {
    hint: 'leave such headers out, or give them a key',
  });
}
