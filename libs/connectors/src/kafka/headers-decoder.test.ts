import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows } from '@weir/columnar/row-view.ts';
import { textType, type Schema } from '@weir/columnar/sql-type.ts';
import { partWithoutHeaders } from '@weir/formats/decoder.ts';
import { encodeHeaders, type RecordHeader } from '@weir/kafka/record-batch/record-headers.ts';
import { expect, test } from 'vitest';
import { HeadersDecoder } from './headers-decoder.ts';
import { kafkaMetadata } from './kafka-metadata.ts';

const schema: Schema = {
  fields: [
    { name: 'v', type: textType, nullable: true },
    { name: 'h', ...kafkaMetadata.headers },
  ],
};

/** Decodes the headers of records, all of them `rows` long. */
function decode(records: readonly Uint8Array[]) {
  const data = Buffer.concat([Buffer.from('xx'), ...records]);
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  let at = 2;
  for (const [index, { length }] of records.entries()) {
    starts[index] = at;
    at += length;
    ends[index] = at;
  }
  const part = { ...partWithoutHeaders(data, starts, ends), headerStarts: starts, headerEnds: ends };
  const builder = new BatchBuilder(schema, 4);
  builder.reserve(records.length);
  builder.rowCount = records.length;
  records.forEach((_, row) => {
    builder.recordIndex[row] = row;
    builder.column(0).setNull(row);
  });
  const decoder = new HeadersDecoder(1);
  const filled = decoder.decodeRows(part, builder, 0, records.length);
  builder.truncate(filled);
  const rows = plainRows(builder.batch()).map(([, headers]) =>
    (headers as [string, Uint8Array | null][]).map(
      ([key, value]) => [key, value === null ? null : Buffer.from(value).toString()] as const,
    ),
  );
  return { filled, rows, error: decoder.error?.message };
}

const headers = (...pairs: (readonly [string, string | null])[]): Uint8Array =>
  encodeHeaders(
    pairs.map(([key, value]): RecordHeader => ({ key, value: value === null ? null : Buffer.from(value) })),
  );
const none = new Uint8Array(0);

test('H19: order, repeats, null and empty values, empty keys; records without headers between them', () => {
  const first = [['b', '1'], ['a', null], ['b', ''], ['', 'é']] as const; // prettier-ignore
  const { rows, error } = decode([headers(...first), none, headers(), headers(['z', '2'])]);
  expect([rows, error]).toEqual([[first, [], [], [['z', '2']]], undefined]);
});

test('more headers than rows of a batch', () => {
  const many = Array.from({ length: 1000 }, (_, n) => [`k${n}`, `v${n}`] as const);
  expect(decode([headers(...many), headers(['a', 'b'])]).rows).toEqual([many, [['a', 'b']]]);
});

test.each([
  ['a key that is no text', Buffer.from([2, 2, 0xff, 2, 0x61]), /a key is no UTF-8 text/],
  ['a key that goes past the record', Buffer.from([2, 40, 0x61]), /a key is damaged/],
  ['a value that goes past the record', Buffer.from([2, 2, 0x61, 60, 0x61]), /a value is damaged/],
  ['a key of less than nothing', Buffer.from([2, 1, 0x61]), /a key is damaged/],
  ['more headers than there are', Buffer.from([200, 1, 2, 0x61, 2, 0x61]), /a key is damaged/],
  ["a number that doesn't end", Buffer.from([0xff, 0xff]), /their number is damaged/],
  ['less than no headers', Buffer.from([1]), /their number is damaged/],
])('%s: that record is bad, those before it are there', (_, damaged, message) => {
  const { filled, rows, error } = decode([headers(['a', '1']), damaged, headers(['b', '2'])]);
  expect([filled, rows]).toEqual([1, [[['a', '1']]]]);
  expect(error).toMatch(message);
});
