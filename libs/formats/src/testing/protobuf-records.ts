import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import protobuf from 'protobufjs';
import { partWithoutHeaders, plainRecordPart, type DecoderSettings } from '../decoder.ts';
import type { FormatOptions } from '../format.ts';
import { protobufFormat } from '../protobuf/protobuf-format.ts';
import { columnsOfProtobuf } from '../protobuf/protobuf-columns.ts';
import { messageNamed } from '../protobuf/message-index.ts';
import { parseProtoSchema } from '../protobuf/parse-proto-schema.ts';

/** A varint of 64 bits. */
function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return [...bytes, Number(left)];
}

/** A field by hand: a number as a varint, text and bytes behind their length. */
export function wireField(number: number, value: number | bigint | string | readonly number[]): number[] {
  if (typeof value === 'number' || typeof value === 'bigint')
    return [...varint(number * 8), ...varint(value)];
  const bytes = typeof value === 'string' ? [...Buffer.from(value)] : value;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

/** The type of an independent implementation. */
export function independentType(schema: string, name: string): protobuf.Type {
  const root = new protobuf.Root();
  for (const file of ['timestamp', 'duration', 'struct', 'wrappers', 'any', 'empty', 'field_mask'])
    root.addJSON(protobuf.common.get(`google/protobuf/${file}.proto`)?.nested ?? {});
  return protobuf.parse(schema, root, { keepCase: true }).root.resolveAll().lookupType(name);
}

/** The columns that a schema gives. */
export function columnsOf(schema: string, message?: string): Field[] {
  return columnsOfProtobuf(messageNamed(parseProtoSchema(schema), message)).columns.map(({ field }) => field);
}

export interface DecodedRecords {
  readonly rows: PlainRow[];
  readonly errors: readonly string[];
}

/** Reads all records, over those that can't be read. */
export function readRecords(
  fields: Field[],
  options: FormatOptions,
  records: readonly Uint8Array[],
  settings: DecoderSettings = plainRecordPart,
): DecodedRecords {
  const decoder = protobufFormat.createDecoder({ fields }, options, settings);
  const data = new Uint8Array(Buffer.concat(records));
  const ends = Int32Array.from(records, (record) => record.length);
  for (let i = 1; i < ends.length; i += 1) ends[i] = ends[i]! + ends[i - 1]!;
  const starts = Int32Array.from(ends, (_, i) => (i === 0 ? 0 : ends[i - 1]!));
  const into = new BatchBuilder({ fields });
  const errors: string[] = [];
  for (let from = 0; from < records.length;) {
    from += decoder.decode(partWithoutHeaders(data, starts, ends), from, records.length - from, into);
    if (decoder.error === null) continue;
    errors.push(decoder.error.message);
    from += 1;
  }
  return { rows: plainRows(into.batch()), errors };
}
